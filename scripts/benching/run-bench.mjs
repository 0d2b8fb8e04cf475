import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { prepare } from '../running/prepare.mjs';
import { inRoot, ROOT } from '../running/root.mjs';
import { runProgram } from '../running/run-program.mjs';
import { openTestBroker } from '../testing/test-broker.mjs';
import { openTestDatabase } from '../testing/test-database.mjs';

const HELP = ['--help', '-h'];

/** `node scripts/bench.mjs [options…]`: see bench/README.md, or --help. */
async function main(args) {
  process.chdir(ROOT);
  await prepare({ compile: false });
  await compileBench();
  await prepare();
  if (args.some((arg) => HELP.includes(arg))) {
    return runBench(['--help']);
  }
  // What is measured must be durable: a private server gets no settings for tests.
  const database = await openTestDatabase({ privateSettings: {} });
  const broker = measuresRabbitMq(args) ? await openTestBroker() : undefined;
  process.stdout.write(`Measuring on ${[database, broker].flatMap((one) => one?.description ?? []).join(' and ')}\n`);
  const addresses = ['--database', database.url, ...(broker?.url ? ['--broker', broker.url] : [])];
  try {
    return await runBench([...addresses, ...args]);
  } finally {
    await broker?.stop();
    await database.stop();
  }
}

/** @throws {Error} for arguments that the benchmark does not take, before anything is started for it. */
function measuresRabbitMq(args) {
  const { readOptions } = createRequire(import.meta.url)(inRoot('dist', 'bench', 'options.js'));
  return readOptions(args).only.some((name) => name.endsWith('-rabbitmq'));
}

/** Before apps and libs: it compiles what it needs of them too, and whoever comes last says that dist/ is up to date. */
async function compileBench() {
  const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const code = await runProgram(process.execPath, [compiler, '-p', inRoot('bench', 'tsconfig.json')]);
  if (code !== 0) {
    throw new Error('The benchmark does not compile: see above.');
  }
}

/** Runs the benchmark and waits for it. It takes away what it made when it is told to stop, so a signal does not end us first. */
async function runBench(args) {
  const bench = spawn(process.execPath, [inRoot('dist', 'bench', 'main.js'), ...args], { stdio: 'inherit' });
  const hand = (signal) => bench.kill(signal);
  process.on('SIGINT', hand);
  process.on('SIGTERM', hand);
  const [code] = await once(bench, 'exit');
  return code ?? 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
