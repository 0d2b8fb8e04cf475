// Nest 12 is pure ESM: on Node 20 Jest loads it only when the packages named below are transformed to CommonJS.
const swc = (typescript) => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      parser: typescript ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
      transform: { legacyDecorator: true, decoratorMetadata: true },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

const esmOnlyPackages = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'iterare',
  'uid',
  'peek-readable',
];

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': swc(true), '^.+\\.m?js$': swc(false) },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnlyPackages.join('|')})/)`],
  // Without this mapping package.json "imports" would send the tests to dist/, that is to stale code.
  moduleNameMapper: { '^#([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts' },
  setupFiles: ['reflect-metadata'],
};

const project = (displayName, testMatch, extra = {}) => ({ ...shared, displayName, testMatch, ...extra });

/** The same files once more, with events over RabbitMQ; what starts the product as a process says itself what that uses. */
const overRabbitMq = (displayName, testMatch) =>
  project(displayName, testMatch, {
    globals: { HELPDESK_TEST_TRANSPORT: 'rabbitmq' },
    testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/running/'],
  });

const E2E = ['<rootDir>/test/e2e/**/*.e2e-spec.ts'];
const FLOWS = ['<rootDir>/test/flows/**/*.flow-spec.ts'];

/** Kinds of tests, by file name: see CONTRIBUTING.md. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/{apps,libs,bench,scripts}/**/*.spec.ts']),
    project('int', ['<rootDir>/{apps,libs}/**/*.int-spec.ts']),
    project('contract', ['<rootDir>/test/contract/**/*.contract-spec.ts']),
    project('e2e', E2E),
    project('flows', FLOWS),
    overRabbitMq('e2e-rabbitmq', E2E),
    overRabbitMq('flows-rabbitmq', FLOWS),
    project('chaos', ['<rootDir>/test/chaos/**/*.chaos-spec.ts']),
  ],
  testTimeout: 180_000,
  // A worker keeps something of every file that it has run, and slows down under some gigabytes of it.
  workerIdleMemoryLimit: '1GB',
};
