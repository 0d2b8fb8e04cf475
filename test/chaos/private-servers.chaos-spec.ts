import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { createInterface } from 'node:readline';
import { connect } from 'amqplib';
import type { ConfirmChannel } from 'amqplib';
import { Client } from 'pg';
import { PrivateBroker } from '../../scripts/testing/private-broker.mjs';
import { programOf } from '../support/processes/built-code';
import { inTheEnd, PATIENCE_MS } from '../support/processes/patience';
import { PrivatePostgres } from '../support/servers/private-postgres';
import { describeWithBroker } from '../support/test-broker';

jest.setTimeout(4 * PATIENCE_MS);

describeWithBroker('a private broker', () => {
  let broker: PrivateBroker;
  beforeAll(async () => {
    broker = await PrivateBroker.start({ management: true });
  });
  afterAll(() => broker.stop());

  it('keeps what it has confirmed when it is killed and started again', async () => {
    await onBroker(async (channel) => {
      await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      channel.sendToQueue('kept', Buffer.from('here'), { persistent: true });
      await channel.waitForConfirms();
    });
    await broker.keepQueues();
    await broker.kill();
    await expect(connect(broker.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await broker.restart();
    await onBroker(async (channel) =>
      expect(await channel.get('kept')).toMatchObject({ content: Buffer.from('here') }),
    );
  });

  it('answers nobody while it is paused, and goes on', async () => {
    broker.pause();
    await expect(connect(broker.url, { timeout: 500 })).rejects.toThrow('ETIMEDOUT');
    broker.resume();
    await onBroker((channel) => channel.checkQueue('kept'));
  });

  it('can be operated, by the command and over its management API', async () => {
    expect(await broker.ctl(['list_queues', 'name'])).toContain('kept');
    await expect(broker.ctl(['clear_password'])).rejects.toThrow('clear_password');
    const { origin, username, password } = new URL(broker.managementUrl as string);
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${origin}/api/queues`, { headers: { authorization } });
    expect(await answer.json()).toMatchObject([{ name: 'kept' }]);
  });

  async function onBroker(work: (channel: ConfirmChannel) => Promise<unknown>): Promise<void> {
    const connection = await connect(broker.url);
    connection.on('error', () => undefined);
    try {
      await work(await connection.createConfirmChannel());
    } finally {
      await connection.close().catch(() => undefined);
    }
  }
});

describe('a private PostgreSQL', () => {
  let server: PrivatePostgres;
  beforeAll(async () => {
    server = await PrivatePostgres.start();
  });
  afterAll(() => server.stop());

  it('keeps what was committed when it is killed, paused or not, and started again', async () => {
    await sql('CREATE TABLE note (text text)');
    await sql(`INSERT INTO note VALUES ('kept')`);
    await server.kill();
    await expect(sql('SELECT')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await sql('SELECT text FROM note')).toEqual([{ text: 'kept' }]);
    await server.pause();
    await server.restart();
    expect(await sql('SELECT text FROM note')).toEqual([{ text: 'kept' }]);
  });

  it('answers nobody while it is paused, neither on old nor on new connections, and goes on', async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await server.pause();
    let isAnswered = false;
    const answer = client.query('SELECT 1 AS one').finally(() => (isAnswered = true));
    await expect(sql('SELECT')).rejects.toThrow('timeout');
    expect(isAnswered).toBe(false);
    server.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
  });

  async function sql(text: string): Promise<unknown[]> {
    const client = new Client({ connectionString: server.url, connectionTimeoutMillis: 500 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rows as unknown[];
    } finally {
      await client.end();
    }
  }
});

describeWithBroker('the private servers of a test process', () => {
  it('end with it, even paused, when it is killed', async () => {
    const owner = spawn(process.execPath, programOf('test/support/servers/paused-servers.ts'), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    const addresses = Object.values(JSON.parse(line) as Record<string, string>);
    await Promise.all(addresses.map(expectListener));
    owner.kill('SIGKILL');
    await inTheEnd(() => Promise.all(addresses.map((url) => expect(expectListener(url)).rejects.toThrow('REFUSED'))));
  });
});

/** The system takes connections for a paused program that listens, too. */
async function expectListener(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connectTo(Number(port), hostname);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
