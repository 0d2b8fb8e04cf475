import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EnvironmentError, maskedSummary, readEnvironment } from './environment';

function faultsOf(source: Record<string, string>): readonly string[] {
  try {
    readEnvironment(source);
  } catch (error) {
    if (error instanceof EnvironmentError) {
      return error.faults;
    }
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('needs nothing: everything has a default for one machine', () => {
    expect(readEnvironment({})).toEqual({
      PORT: 3_000,
      OPS_PORT: 9_464,
      HELPDESK_DATA_DIR: '.helpdesk',
      DATABASE_POOL_SIZE: 16,
      EVENT_TRANSPORT: 'postgres',
      EVENT_RETENTION_DAYS: 30,
      SLA_SCAN_INTERVAL: 60,
      RATE_LIMIT_PER_MINUTE: 300,
      LOG_LEVEL: 'info',
      DRAIN_SECONDS: 3,
    });
  });

  it('takes an empty value for none, and knows nothing of other names', () => {
    expect(readEnvironment({ PORT: '', DATABASE_URL: '', HOME: '/root' })).toEqual(readEnvironment({}));
  });

  it.each([
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['RATE_LIMIT_PER_MINUTE', '0', 0],
    ['DATABASE_POOL_SIZE', '2', 2],
    ['DATABASE_URL', 'postgresql:///helpdesk?host=/run/postgresql', 'postgresql:///helpdesk?host=/run/postgresql'],
    ['PUBLIC_URL', 'https://desk.example.com/support', 'https://desk.example.com/support'],
    ['RABBITMQ_MANAGEMENT_URL', 'https://admin:secret@mq/rabbit', 'https://admin:secret@mq/rabbit'],
    ['LOG_LEVEL', 'debug', 'debug'],
    ['KEY_PEPPER', 'sixteen letters!', 'sixteen letters!'],
  ])('reads %s=%s', (name, text, value) => {
    expect(readEnvironment({ [name]: text })).toMatchObject({ [name]: value });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['OPS_PORT', 'off'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'mysql://localhost/helpdesk'],
    ['PUBLIC_URL', 'desk.example.com'],
    ['PUBLIC_URL', 'ftp://desk.example.com'],
    ['DATABASE_POOL_SIZE', '1'],
    ['DATABASE_POOL_SIZE', '501'],
    ['RABBITMQ_URL', 'http://localhost:15672'],
    ['RABBITMQ_MANAGEMENT_URL', 'amqp://admin:secret@localhost:15672'],
    ['RABBITMQ_MANAGEMENT_URL', 'http://localhost:15672'],
    ['RABBITMQ_PREFIX', 'our events'],
    ['EVENT_TRANSPORT', 'kafka'],
    ['EVENT_RETENTION_DAYS', '0'],
    ['SLA_SCAN_INTERVAL', '0'],
    ['SLA_SCAN_INTERVAL', '3601'],
    ['RATE_LIMIT_PER_MINUTE', '-5'],
    ['LOG_LEVEL', 'verbose'],
    ['DRAIN_SECONDS', '301'],
    ['KEY_PEPPER', 'too short'],
  ])('refuses %s=%s, by the name, the fault and what would do', (name, text) => {
    const faults = faultsOf({ [name]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(
      new RegExp(`^${name}: (".+"|its value) (must|is wrong: expected) .+\\.( For example: ${name}=.+)?$`),
    );
    expect(faults[0]).toMatch(/For example: |such as |must be /);
  });

  it('lets events go through RabbitMQ where there is one, unless it says otherwise', () => {
    const RABBITMQ_URL = 'amqp://desk:secret@mq:5672/support';
    expect(readEnvironment({ RABBITMQ_URL })).toMatchObject({ RABBITMQ_URL, EVENT_TRANSPORT: 'rabbitmq' });
    expect(readEnvironment({ RABBITMQ_URL, EVENT_TRANSPORT: 'postgres' }).EVENT_TRANSPORT).toBe('postgres');
    expect(faultsOf({ EVENT_TRANSPORT: 'rabbitmq' })).toEqual([expect.stringMatching(/^RABBITMQ_URL: must be given/)]);
  });

  it('names everything that is wrong at once', () => {
    expect(faultsOf({ PORT: 'x', LOG_LEVEL: 'x', DRAIN_SECONDS: 'x' }).map((fault) => fault.split(':', 1)[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'DRAIN_SECONDS',
    ]);
  });

  it.each([
    ['KEY_PEPPER', 'tiny-secret'],
    ['DATABASE_URL', 'postgress://desk:tiny-secret@db:5432/helpdesk'],
    ['DATABASE_URL', 'desk:tiny-secret@db:5432/helpdesk'],
    ['DATABASE_URL', 'mysql://db/helpdesk?password=tiny-secret'],
    ['RABBITMQ_URL', 'ampq://desk:tiny-secret@mq:5672'],
    ['RABBITMQ_MANAGEMENT_URL', 'admin:tiny-secret@mq:15672'],
  ])('shows no secret of a wrong %s', (name, text) => {
    const [fault] = faultsOf({ [name]: text });
    expect(fault).toContain(name);
    expect(fault).not.toContain('tiny-secret');
  });

  describe('in files', () => {
    let folder: string;
    let file: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'helpdesk-environment-'));
      file = join(folder, 'pepper');
      writeFileSync(file, 'a pepper from a file\n');
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is read from there, without the line’s end', () => {
      expect(readEnvironment({ KEY_PEPPER_FILE: file }).KEY_PEPPER).toBe('a pepper from a file');
    });

    it('gives way to a value that is given itself', () => {
      const source = { KEY_PEPPER: 'a pepper of its own', KEY_PEPPER_FILE: join(folder, 'nothing') };
      expect(readEnvironment(source).KEY_PEPPER).toBe('a pepper of its own');
    });

    it('is refused when the file cannot be read', () => {
      expect(faultsOf({ KEY_PEPPER_FILE: join(folder, 'nothing') })).toEqual([
        expect.stringMatching(/^KEY_PEPPER_FILE: the file ".+nothing" cannot be read \(ENOENT\)\.$/),
      ]);
    });

    it('is judged like any other value', () => {
      writeFileSync(join(folder, 'port'), 'eighty');
      expect(faultsOf({ PORT_FILE: join(folder, 'port') })).toEqual([expect.stringMatching(/^PORT: "eighty" must be/)]);
    });
  });

  describe('in the log', () => {
    it('shows all values but the secret ones', () => {
      expect(maskedSummary(readEnvironment({ KEY_PEPPER: 'sixteen letters!', PORT: '8080' }))).toMatchObject({
        PORT: 8_080,
        KEY_PEPPER: 'set',
      });
      expect(JSON.stringify(maskedSummary(readEnvironment({ KEY_PEPPER: 'sixteen letters!' })))).not.toContain(
        'sixteen',
      );
    });

    it.each([
      ['postgres://desk:secret@db:5432/helpdesk', 'postgres://desk:***@db:5432/helpdesk'],
      ['postgres://desk@db/helpdesk', 'postgres://desk@db/helpdesk'],
      ['postgres://db/helpdesk?user=desk&password=secret', 'postgres://db/helpdesk?user=desk&password=***'],
    ])('shows %s as %s', (url, shown) => {
      expect(maskedSummary(readEnvironment({ DATABASE_URL: url }))['DATABASE_URL']).toBe(shown);
    });

    it('shows no password of the broker', () => {
      const summary = maskedSummary(readEnvironment({ RABBITMQ_URL: 'amqps://desk:secret@mq:5671/support' }));
      expect(summary['RABBITMQ_URL']).toBe('amqps://desk:***@mq:5671/support');
      const RABBITMQ_MANAGEMENT_URL = 'http://admin:secret@mq:15672/';
      expect(maskedSummary(readEnvironment({ RABBITMQ_MANAGEMENT_URL }))).toMatchObject({
        RABBITMQ_MANAGEMENT_URL: 'http://admin:***@mq:15672/',
      });
    });
  });
});
