import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BROKER_CONTROL, BROKER_PROGRAM, hasBrokerProgram } from './broker-program.mjs';
import { brokerVersion } from './broker-version.mjs';
import { GuardedProgram } from './guarded-program.mjs';
import { makeScratchFolder } from './scratch-folder.mjs';

const run = promisify(execFile);

const MANAGEMENT_MS = 3_000;

/** The port mapper that Erlang leaves behind; it stays for as long as a tool that operates the broker is known to it. */
const END_MAPPER = `
for try in 1 2 3 4 5 6 7 8 9 10; do epmd -port "$ERL_EPMD_PORT" -kill >/dev/null 2>&1 && break; sleep 1; done`;

/** A broker of one's own, under a user without rights when we are root. It ends with this process, however that ends. */
export class PrivateBroker {
  /**
   * @param {string} folder
   * @param {{ readonly amqp: number, readonly management: number }} ports
   * @param {{ readonly user: { readonly uid?: number, readonly gid?: number }, readonly env: Readonly<Record<string, string>> }} setting
   * @param {boolean} hasManagement
   */
  constructor(folder, ports, setting, hasManagement) {
    this.folder = folder;
    this.setting = setting;
    /** Where it takes connections, by AMQP. */
    this.url = `amqp://guest:guest@127.0.0.1:${ports.amqp}`;
    /** Where its management API is; undefined when it was not asked for. */
    this.managementUrl = hasManagement ? `http://guest:guest@127.0.0.1:${ports.management}` : undefined;
    /** @type {GuardedProgram | undefined} */
    this.program = undefined;
  }

  /**
   * @param {{ readonly management?: boolean }} [options] whether to have the management API.
   * @returns {Promise<PrivateBroker>}
   * @throws {Error} when RabbitMQ is not installed or does not start.
   */
  static async start({ management = false } = {}) {
    if (!(await hasBrokerProgram())) {
      throw new Error(
        `A private RabbitMQ needs ${BROKER_PROGRAM} (Debian: apt-get install rabbitmq-server). ` +
          'HELPDESK_TEST_BROKER=none leaves out the tests that need a broker.',
      );
    }
    const folder = await makeScratchFolder('broker');
    const ports = await freePorts();
    const user = await ordinaryUser();
    const env = await layOut(folder, ports, { user, management });
    const broker = new PrivateBroker(folder, ports, { user, env }, management);
    try {
      await broker.run();
      return broker;
    } catch (error) {
      await broker.stop();
      throw error;
    }
  }

  /** kill -9. A queue that was declared within the last half second would be broken afterwards: see {@link keepQueues}. */
  async kill() {
    await this.program?.kill();
  }

  /** Makes it write down at once which quorum queues it has, as it does every half second. */
  async keepQueues() {
    await this.ctl(['eval', '[dets:sync(Table) || Table <- dets:all()].']);
  }

  /** Lets it stand still, in the middle of whatever it does: connections stay, nobody answers. */
  pause() {
    this.program?.signal('SIGSTOP');
  }

  /** Lets it go on after {@link pause}. */
  resume() {
    this.program?.signal('SIGCONT');
  }

  /** Starts it again with its data and at its addresses; one that runs is killed before. Ends when it takes connections. */
  async restart() {
    await this.kill();
    await this.run();
  }

  /**
   * Operates it with rabbitmqctl.
   * @param {readonly string[]} parameters such as `['set_vm_memory_high_watermark', '0.0001']`.
   * @returns {Promise<string>} what it printed.
   * @throws {Error} with what it printed when it fails.
   */
  async ctl(parameters) {
    const { user, env } = this.setting;
    const { stdout } = await run(BROKER_CONTROL, ['--quiet', ...parameters], { ...user, env, cwd: this.folder });
    return stdout;
  }

  /** Ends it for good and removes its data. */
  async stop() {
    await this.program?.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async run() {
    const { user, env } = this.setting;
    const program = await GuardedProgram.start({
      program: BROKER_PROGRAM,
      cwd: this.folder,
      log: join(this.folder, 'program.log'),
      env,
      user,
      lastSignals: ['KILL'],
      afterwards: END_MAPPER,
    });
    this.program = program;
    await program.becomesReady(async () => {
      await brokerVersion(this.url);
      await this.checkManagement();
    });
  }

  async checkManagement() {
    if (this.managementUrl) {
      const { origin, username, password } = new URL(this.managementUrl);
      const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
      const { status } = await fetch(`${origin}/api/overview`, {
        headers,
        signal: AbortSignal.timeout(MANAGEMENT_MS),
      });
      if (status !== 200) {
        throw new Error(`its management API answers ${status}`);
      }
    }
  }
}

/** The broker's files and its environment: every path and every port is its own. */
async function layOut(folder, ports, { user, management }) {
  const path = (name) => join(folder, name);
  await Promise.all(['mnesia', 'log', 'home'].map((name) => mkdir(path(name), { mode: 0o700 })));
  await writeFile(path('enabled_plugins'), management ? '[rabbitmq_management].\n' : '[].\n');
  await writeFile(path('env.conf'), '');
  await writeFile(path('rabbitmq.conf'), configuration(ports, management));
  if (user.uid !== undefined) {
    const entries = [folder, ...(await readdir(folder)).map(path)];
    await Promise.all(entries.map((entry) => chown(entry, user.uid, user.gid)));
  }
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: path('home'),
    RABBITMQ_NODENAME: `helpdesk${ports.amqp}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    ERL_EPMD_PORT: String(ports.mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_MNESIA_BASE: path('mnesia'),
    RABBITMQ_LOG_BASE: path('log'),
    RABBITMQ_LOGS: path('log/rabbit.log'),
    RABBITMQ_PID_FILE: path('rabbit.pid'),
    RABBITMQ_CONFIG_FILE: path('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: path('advanced.config'),
    RABBITMQ_CONF_ENV_FILE: path('env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: path('enabled_plugins'),
    // One scheduler that does not spin: the tests need the processors.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none',
    // The script becomes the virtual machine then, instead of waiting for it: signals reach it.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

function configuration(ports, management) {
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    ...(management ? ['management.tcp.ip = 127.0.0.1', `management.tcp.port = ${ports.management}`] : []),
    'disk_free_limit.absolute = 50MB',
    'vm_memory_high_watermark.absolute = 512MB',
    'log.file.level = warning',
    '',
  ].join('\n');
}

async function ordinaryUser() {
  if (process.getuid?.() !== 0) {
    return {};
  }
  return userOf('rabbitmq').catch(() => userOf('nobody'));
}

async function userOf(name) {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  );
  return { uid, gid };
}

/** Four free ports, each in a range of its own. */
async function freePorts() {
  for (;;) {
    const amqp = 20_000 + Math.floor(Math.random() * 5_000);
    const ports = { amqp, management: amqp + 5_000, mapper: amqp + 10_000, distribution: amqp + 20_000 };
    const free = await Promise.all(Object.values(ports).map(isFree));
    if (free.every(Boolean)) {
      return ports;
    }
  }
}

async function isFree(port) {
  const probe = createServer();
  try {
    const listening = once(probe, 'listening');
    probe.listen(port, '127.0.0.1');
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
