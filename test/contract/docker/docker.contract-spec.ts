import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { APP_NAMES, MAX_BODY_BYTES, ownerOf, prefixesOf, readEnvironment } from '#platform';
import { API_DOCUMENT } from '../../support/api-document';

const ROOT = join(__dirname, '../../..');
const DOCKER = join(ROOT, 'docker');
const APP_PORT = '3000';
const run = promisify(execFile);

const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: readonly string[] };
  readonly restart?: string;
  readonly stop_grace_period?: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

const composeFile = (name: string): ComposeFile => parse(read('docker', name), { merge: true }) as ComposeFile;

/** The instructions of the Dockerfile in order, each on one line. */
function instructions(): { readonly name: string; readonly rest: string }[] {
  const text = read('docker', 'Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '');
  return [...text.matchAll(/^([A-Z]+) (.+)$/gm)].map(([, name = '', rest = '']) => ({ name, rest }));
}

describe.each(['compose.yml', 'compose.dev.yml'])('docker/%s', (name) => {
  it('has the form that compose asks for', () => {
    // Its draft is ajv's own; only the address that it gives for it is another.
    const { $schema: _draft, ...schema } = JSON.parse(read('node_modules/dclint/schemas/compose.schema.json')) as {
      $schema: string;
    };
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    ajv.addFormat('duration', true);
    const validate = ajv.compile(schema);
    expect([validate(composeFile(name)), validate.errors]).toEqual([true, null]);
    expect(validate({ services: { x: { imagge: 'y' } } })).toBe(false);
  });

  it('waits only for services that there are, by a condition that they can meet', () => {
    const { services } = composeFile(name);
    for (const [waiting, { depends_on: waitsFor = {} }] of Object.entries(services)) {
      for (const [awaited, { condition }] of Object.entries(waitsFor)) {
        expect([waiting, Object.keys(services)]).toEqual([waiting, expect.arrayContaining([awaited])]);
        expect([waiting, awaited, condition]).toEqual([
          waiting,
          awaited,
          services[awaited]?.healthcheck?.disable ? 'service_completed_successfully' : 'service_healthy',
        ]);
      }
    }
  });

  it('names images of a chosen version', () => {
    for (const { image = '' } of Object.values(composeFile(name).services)) {
      expect(image).toMatch(/^([a-z/]+:[0-9][\w.-]*|\$\{HELPDESK_IMAGE:-helpdesk:latest\})$/);
    }
  });
});

describe('docker/compose.yml', () => {
  const { services, secrets = {} } = composeFile('compose.yml');
  const ours = Object.entries(services).filter(([, { image }]) => image?.includes('HELPDESK_IMAGE'));

  it.each(APP_NAMES)('runs %s once the migrations are done, and starts it again when it ends', (app) => {
    const service = services[app];
    expect(service).toMatchObject({
      command: [`dist/apps/${app}/main.js`],
      restart: 'unless-stopped',
      stop_grace_period: '60s',
      depends_on: { migrate: { condition: 'service_completed_successfully' } },
    });
    expect(service?.healthcheck).toBeUndefined();
    expect(app in (services['gateway']?.depends_on ?? {})).toBe(prefixesOf(app).length > 0);
  });

  it('runs nothing of ours but the apps, the migrations and the command line', () => {
    expect(ours.map(([name]) => name).toSorted()).toEqual([...APP_NAMES, 'cli', 'migrate'].toSorted());
    expect(services['migrate']?.command).toEqual(['dist/apps/migrate/main.js']);
    expect(services['cli']?.entrypoint?.at(-1)).toBe('dist/apps/cli/main.js');
  });

  it('gives every container of ours an environment that the product understands, its secrets in files', () => {
    for (const [, { environment = {}, secrets: mounted = [] }] of ours) {
      for (const [name, value] of Object.entries(environment)) {
        const file = /^\/run\/secrets\/(\w+)$/.exec(value)?.[1];
        expect([name, name.endsWith('_FILE'), file === undefined]).toEqual([
          name,
          file !== undefined,
          file === undefined,
        ]);
        expect(file === undefined ? [] : mounted).toEqual(expect.arrayContaining(file === undefined ? [] : [file]));
      }
      const known = readFileSync(join(ROOT, 'libs/platform/src/config/environment.ts'), 'utf8');
      const names = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
      expect(names.filter((name) => !new RegExp(`^ {2}${name}: `, 'm').test(known))).toEqual([]);
      expect(environment['PORT']).toBe(APP_PORT);
    }
  });

  it('gets its secrets from a script, which makes each once and in a form that the product takes', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'helpdesk-secrets-'));
    try {
      const make = () =>
        execFileSync(
          'sh',
          ['-c', `cp "$0" ./make-secrets.sh && sh ./make-secrets.sh`, join(DOCKER, 'make-secrets.sh')],
          { cwd: scratch },
        );
      make();
      const contents = () =>
        Object.fromEntries(
          readdirSync(join(scratch, 'secrets')).map((name) => [
            name,
            readFileSync(join(scratch, 'secrets', name), 'utf8'),
          ]),
        );
      const first = contents();
      make();
      expect(contents()).toEqual(first);
      expect(Object.values(secrets).map(({ file }) => file.replace('./secrets/', ''))).toEqual(
        expect.arrayContaining(Object.keys(secrets)),
      );
      expect(Object.keys(first)).toEqual(expect.arrayContaining(Object.keys(secrets)));
      expect(statSync(join(scratch, 'secrets')).mode & 0o777).toBe(0o700);
      const environment = readEnvironment({
        DATABASE_URL_FILE: join(scratch, 'secrets/database_url'),
        RABBITMQ_URL_FILE: join(scratch, 'secrets/rabbitmq_url'),
        KEY_PEPPER_FILE: join(scratch, 'secrets/key_pepper'),
      });
      expect(new URL(environment.DATABASE_URL ?? '').password).toBe(first['postgres_password']?.trim());
      expect(first['rabbitmq.conf']).toContain(`default_pass = ${new URL(environment.RABBITMQ_URL ?? '').password}\n`);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });

  it('has a gateway that hands every path of the API to its owner', () => {
    const [, table = ''] = /^map \$uri \$helpdesk_app \{\n([^}]*)\}/m.exec(read('docker/gateway.conf.template')) ?? [];
    const rules = [...table.matchAll(/^ +"~\*(.+)" (\S+);$/gm)].map(([, pattern = '', app = '']) => ({
      pattern: new RegExp(pattern, 'i'),
      app,
    }));
    const rest = /^ +default (\S+);$/m.exec(table)?.[1];
    const paths = [
      ...Object.keys(API_DOCUMENT.paths),
      ...APP_NAMES.flatMap(prefixesOf),
      '/',
      '/v1/helpdesk/usages',
      '/V1/Helpdesk/Usage/',
    ];
    const chosen = paths.map((path) => [path, rules.find(({ pattern }) => pattern.test(path))?.app ?? rest]);
    expect(chosen).toEqual(paths.map((path) => [path, ownerOf(path)]));
    expect(read('docker/gateway.conf.template')).toContain(`client_max_body_size ${MAX_BODY_BYTES};`);
  });
});

describe('docker/Dockerfile', () => {
  it('copies only what there is, and what the ignore file lets through', () => {
    const [, ...lines] = read('.dockerignore').trim().split('\n');
    const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copies = instructions().filter(({ name, rest }) => name === 'COPY' && !rest.includes('--from='));
    const sources = copies.flatMap(({ rest }) => rest.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
    expect([...new Set(sources)].toSorted()).toEqual(kept.toSorted());
  });

  it('copies from stages that it has', () => {
    const stages = instructions().flatMap(({ name, rest }) =>
      name === 'FROM' ? (/ AS (\S+)$/.exec(rest)?.[1] ?? []) : [],
    );
    const used = instructions().flatMap(({ rest }) => /--from=(\S+)/.exec(rest)?.[1] ?? []);
    expect(used.filter((stage) => !stages.includes(stage))).toEqual([]);
    expect(stages.at(-1)).toBe('runtime');
  });

  it('runs as nobody in particular, without a shell, and stops by SIGTERM', () => {
    const all = instructions().map(({ name, rest }) => `${name} ${rest}`);
    expect(all).toEqual(expect.arrayContaining(['USER 65532:65532', 'STOPSIGNAL SIGTERM', `EXPOSE ${APP_PORT} 9464`]));
    expect(all.at(-1)).toBe('CMD ["dist/apps/tickets-api/main.js"]');
    expect(all.find((line) => line.startsWith('HEALTHCHECK'))).toMatch(
      /CMD \["\/nodejs\/bin\/node", "docker\/healthcheck.cjs"\]$/,
    );
  });
});

describe('docker/healthcheck.cjs', () => {
  it.each([
    [200, 0, ''],
    [503, 1, 'draining\n'],
  ])('takes the answer %d of the operators’ port for exit code %d', async (status, code, words) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end('draining\n');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const OPS_PORT = String((server.address() as AddressInfo).port);
    const outcome = await run(process.execPath, [join(DOCKER, 'healthcheck.cjs')], { env: { OPS_PORT } }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      (error: { code: number; stderr: string }) => ({ code: error.code, stderr: error.stderr }),
    );
    server.close();
    expect(outcome).toEqual({ code, stderr: words });
  });
});
