import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Debian and Ubuntu put RabbitMQ's programs. Their wrappers in /usr/sbin insist on root or their own user. */
const FOLDER = '/usr/lib/rabbitmq/bin';

/** The broker. */
export const BROKER_PROGRAM = `${FOLDER}/rabbitmq-server`;

/** What operates it. */
export const BROKER_CONTROL = `${FOLDER}/rabbitmqctl`;

/** @returns {Promise<boolean>} whether this machine has the program. */
export async function hasBrokerProgram() {
  return access(BROKER_PROGRAM).then(
    () => true,
    () => false,
  );
}

/** @returns {Promise<boolean>} whether this machine has the program, or could get it: root can install it where there is apt. */
export async function findBrokerProgram() {
  return (await hasBrokerProgram()) || install();
}

async function install() {
  if (process.getuid?.() !== 0) {
    return false;
  }
  process.stdout.write('Installing RabbitMQ for the tests (apt-get install rabbitmq-server) …\n');
  try {
    // In run level 1 the package starts no broker of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const fetchIt = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'rabbitmq-server'], { env });
    await fetchIt().catch(async () => {
      await run('apt-get', ['update'], { env });
      await fetchIt();
    });
    return await hasBrokerProgram();
  } catch (error) {
    process.stdout.write(`  not possible: ${error.message.split('\n', 1)[0]}\n`);
    return false;
  }
}
