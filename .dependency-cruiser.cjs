/** The arrows of ARCHITECTURE.md as rules: `npm run check` fails on any other. */
const LAYERS = [
  ['contracts', []],
  ['schema', []],
  ['database', ['contracts', 'schema']],
  ['messaging', ['contracts', 'database', 'schema']],
  ['platform', ['contracts', 'database', 'messaging', 'schema']],
  ['projects', ['contracts', 'database', 'messaging', 'platform', 'schema']],
  ['settings', ['contracts', 'database', 'messaging', 'platform', 'projects', 'schema']],
  ['subscribers', ['contracts', 'database', 'messaging', 'platform', 'projects', 'schema']],
  ['tickets', ['contracts', 'database', 'messaging', 'platform', 'projects', 'settings', 'subscribers', 'schema']],
  ['routing', ['contracts', 'database', 'messaging', 'platform', 'projects', 'settings', 'tickets', 'schema']],
  ['sla', ['contracts', 'database', 'messaging', 'platform', 'projects', 'settings', 'tickets', 'schema']],
];

const layerRules = LAYERS.map(([lib, allowed]) => ({
  name: `${lib}-imports-only-what-is-below-it`,
  comment: `libs/${lib} may import: ${allowed.join(', ') || 'no other lib'}. See ARCHITECTURE.md.`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: '(spec|contract)\\.ts$' },
  to: { path: '^libs/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      comment: 'A cycle makes the order of loading decide whether an import is undefined.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'a-lib-has-one-door',
      comment: 'Other libs and apps enter a lib by its index only.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    },
    {
      name: 'a-lib-does-not-use-its-own-door',
      comment: 'Inside a lib imports are relative: through its own index they would run in circles.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/(?!index\\.ts$)' },
      to: { path: '^libs/$1/src/index\\.ts$' },
    },
    {
      name: 'apps-import-no-apps',
      comment: 'What two apps need belongs into a lib. Only all-in-one lists the others’ modules.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/all-in-one/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-import-no-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'contracts-stay-in-the-browser',
      comment: 'libs/contracts is shared with browsers: no package, no Node builtin.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: 'spec\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
    {
      name: 'amqplib-has-one-home',
      severity: 'error',
      from: { pathNot: '^libs/messaging/src/transports/rabbitmq/' },
      to: { path: 'node_modules/amqplib' },
    },
    {
      name: 'test-tools-stay-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(spec|contract)\\.ts$|^libs/testing/' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.depcruise.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
