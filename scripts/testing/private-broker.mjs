import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { makeScratchFolder } from './scratch-folder.mjs';

const run = promisify(execFile);

/** Where Debian and Ubuntu put it. The wrapper in /usr/sbin insists on root or its own user. */
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const READY_MS = 120_000;
const POLL_MS = 200;

/**
 * A shell between us and the broker, which waits on a pipe of which we hold the other end: when we end it, or die in whatever
 * way, the broker is told to stop, and with it the port mapper that Erlang leaves behind.
 */
const GUARD = `
"$0" </dev/null 3<&- & script=$!
(read -r _ <&3; kill -TERM $(cat "$RABBITMQ_PID_FILE") 2>/dev/null || kill -TERM $script) & watcher=$!
exec 3<&-
wait $script
kill $watcher 2>/dev/null
epmd -port "$ERL_EPMD_PORT" -kill >/dev/null 2>&1`;

/** @returns {Promise<boolean>} whether this machine has the program. */
export async function hasBrokerProgram() {
  return access(PROGRAM).then(
    () => true,
    () => false,
  );
}

/** @returns {Promise<boolean>} whether it could be installed: by root, where there is apt. */
export async function installBrokerProgram() {
  if (process.getuid?.() !== 0) {
    return false;
  }
  process.stdout.write('Installing RabbitMQ for the tests (apt-get install rabbitmq-server) …\n');
  try {
    // In run level 1 the package starts no broker of its own.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'rabbitmq-server'], { env });
    await install().catch(async () => {
      await run('apt-get', ['update'], { env });
      await install();
    });
    return await hasBrokerProgram();
  } catch (error) {
    process.stdout.write(`  not possible: ${error.message.split('\n', 1)[0]}\n`);
    return false;
  }
}

/**
 * Starts a broker for this run alone, under a user without rights when we are root.
 * @param {(url: string) => Promise<unknown>} isReady rejects until the broker takes connections.
 * @returns {Promise<{ readonly url: string, stop(): Promise<void> }>}
 */
export async function startPrivateBroker(isReady) {
  const folder = await makeScratchFolder('broker');
  const port = await freeTriple();
  const user = await ordinaryUser();
  const env = await layOut(folder, port, user);
  const shell = spawn('/bin/sh', ['-c', GUARD, PROGRAM], {
    ...user,
    env,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const exited = once(shell, 'exit');
  const stop = async () => {
    shell.stdio[3].destroy();
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  try {
    await untilReady(() => isReady(url), exited);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilReady(isReady, exited) {
  const deadline = performance.now() + READY_MS;
  let ended = false;
  exited.finally(() => (ended = true));
  for (;;) {
    try {
      await isReady();
      return;
    } catch (error) {
      if (ended || performance.now() > deadline) {
        throw new Error(`A private RabbitMQ did not start: ${error.message}`, { cause: error });
      }
    }
    await pause(POLL_MS);
  }
}

/** The broker's files and its environment: every path and every port is its own. */
async function layOut(folder, port, { uid, gid }) {
  const path = (name) => join(folder, name);
  await Promise.all(['mnesia', 'log', 'home'].map((name) => mkdir(path(name), { mode: 0o700 })));
  await writeFile(path('enabled_plugins'), '[].\n');
  await writeFile(path('env.conf'), '');
  await writeFile(
    path('rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      'disk_free_limit.absolute = 50MB',
      'vm_memory_high_watermark.absolute = 512MB',
      'log.file.level = warning',
      '',
    ].join('\n'),
  );
  if (uid !== undefined) {
    await Promise.all([folder, ...(await readdir(folder)).map(path)].map((entry) => chown(entry, uid, gid)));
  }
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: path('home'),
    RABBITMQ_NODENAME: `helpdesk${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(port + 20_000),
    ERL_EPMD_PORT: String(port + 10_000),
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
  };
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

/** A port P of which P + 10000 (port mapper) and P + 20000 (Erlang) are free too. */
async function freeTriple() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 5_000);
    const free = await Promise.all([port, port + 10_000, port + 20_000].map(isFree));
    if (free.every(Boolean)) {
      return port;
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
