import { findBrokerProgram } from './broker-program.mjs';
import { brokerVersion } from './broker-version.mjs';
import { PrivateBroker } from './private-broker.mjs';

const LOCAL = 'amqp://guest:guest@127.0.0.1:5672';
const PRIVATE = 'private';

/**
 * A RabbitMQ for the tests: the one that HELPDESK_TEST_RABBITMQ_URL or RABBITMQ_URL names, else one that listens on this machine
 * and lets us in, else a private one of the system's package; HELPDESK_TEST_RABBITMQ_URL=private asks for that. Without any the
 * tests that need it fail and say so, unless HELPDESK_TEST_BROKER=none leaves them out.
 * @param {{ readonly program?: boolean }} [options] whether tests start further ones, for which the program is needed in any case.
 * @returns {Promise<{ readonly url: string | undefined, readonly description: string, stop(): Promise<void> }>}
 * @throws {Error} when the named one cannot be used.
 */
export async function openTestBroker({ program = false } = {}) {
  if (process.env.HELPDESK_TEST_BROKER === 'none') {
    return none('no RabbitMQ: HELPDESK_TEST_BROKER=none leaves its tests out');
  }
  if (program) {
    await findBrokerProgram();
  }
  const given = process.env.HELPDESK_TEST_RABBITMQ_URL || process.env.RABBITMQ_URL;
  if (given && given !== PRIVATE) {
    const version = await brokerVersion(given).catch((error) => {
      throw new Error(`The RabbitMQ that the environment names cannot be used: ${messageOf(error)}`);
    });
    return used(given, version, 'named by the environment');
  }
  const reason = given ? 'asked for by the environment' : await faultOfLocal();
  if (typeof reason !== 'string') {
    return used(LOCAL, reason.version, 'found on this machine');
  }
  if (await findBrokerProgram()) {
    const broker = await PrivateBroker.start();
    const version = await brokerVersion(broker.url);
    return {
      url: broker.url,
      description: `RabbitMQ ${version}, a private one for this run (${reason})`,
      stop: () => broker.stop(),
    };
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
    return { version: await brokerVersion(LOCAL) };
  } catch (error) {
    return `the one on port 5672 cannot be used: ${messageOf(error)}`;
  }
}

const messageOf = (error) => error.errors?.[0]?.message || error.message;
