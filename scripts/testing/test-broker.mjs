import { hasBrokerProgram, installBrokerProgram, startPrivateBroker } from './private-broker.mjs';

const LOCAL = 'amqp://guest:guest@127.0.0.1:5672';
const PRIVATE = 'private';
const CONNECT_MS = 3_000;

/**
 * A RabbitMQ for the tests: the one that HELPDESK_TEST_RABBITMQ_URL or RABBITMQ_URL names, else one that listens on this machine
 * and lets us in, else a private one of the system's package; HELPDESK_TEST_RABBITMQ_URL=private asks for that. Without any the
 * tests that need it fail and say so, unless HELPDESK_TEST_BROKER=none leaves them out.
 * @returns {Promise<{ readonly url: string | undefined, readonly description: string, stop(): Promise<void> }>}
 * @throws {Error} when the named one cannot be used.
 */
export async function openTestBroker() {
  if (process.env.HELPDESK_TEST_BROKER === 'none') {
    return none('no RabbitMQ: HELPDESK_TEST_BROKER=none leaves its tests out');
  }
  const given = process.env.HELPDESK_TEST_RABBITMQ_URL || process.env.RABBITMQ_URL;
  if (given && given !== PRIVATE) {
    const version = await versionOf(given).catch((error) => {
      throw new Error(`The RabbitMQ that the environment names cannot be used: ${messageOf(error)}`);
    });
    return used(given, version, 'named by the environment');
  }
  const reason = given ? 'asked for by the environment' : await faultOfLocal();
  if (typeof reason !== 'string') {
    return used(LOCAL, reason.version, 'found on this machine');
  }
  if ((await hasBrokerProgram()) || (await installBrokerProgram())) {
    const broker = await startPrivateBroker(versionOf);
    const version = await versionOf(broker.url);
    return { ...broker, description: `RabbitMQ ${version}, a private one for this run (${reason})` };
  }
  return none(
    `no RabbitMQ, so its tests fail (${reason}). Install it (Debian: apt-get install rabbitmq-server), ` +
      'name one in RABBITMQ_URL, or leave its tests out: HELPDESK_TEST_BROKER=none',
  );
}

const none = (description) => ({ url: undefined, description, stop: async () => undefined });

function used(url, version, origin) {
  const { hostname, port } = new URL(url);
  return {
    url,
    description: `RabbitMQ ${version} at ${hostname}:${port || 5672} (${origin})`,
    stop: async () => undefined,
  };
}

async function faultOfLocal() {
  try {
    return { version: await versionOf(LOCAL) };
  } catch (error) {
    return `the one on port 5672 cannot be used: ${messageOf(error)}`;
  }
}

async function versionOf(url) {
  const { connect } = await import('amqplib');
  const connection = await connect(url, { timeout: CONNECT_MS });
  connection.on('error', () => undefined);
  const { version } = connection.connection.serverProperties;
  await connection.close();
  return version;
}

const messageOf = (error) => error.errors?.[0]?.message || error.message;
