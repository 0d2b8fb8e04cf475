import { availableParallelism } from 'node:os';
import { prepare } from '../running/prepare.mjs';
import { ROOT } from '../running/root.mjs';
import { chaosRun, takeChaosOptions } from './chaos-options.mjs';
import { runChecks } from './checks.mjs';
import { dropLeftovers } from './drop-leftovers.mjs';
import { KINDS, surveyTests } from './kinds.mjs';
import { runJest } from './run-jest.mjs';
import { openTestBroker } from './test-broker.mjs';
import { openTestDatabase } from './test-database.mjs';
import { openTestPython } from './test-python.mjs';

/** What one worker holds at most: the pools of a service and of its test's own view of the database, twice. */
const CONNECTIONS_PER_WORKER = 45;

/** `node scripts/test.mjs [kind…] [--minutes n] [--seed n] [filters of Jest…]`; everything, and the checks, without a kind. */
async function main() {
  process.chdir(ROOT);
  const { rest, ...chaos } = takeChaosOptions(process.argv.slice(2));
  const { kinds, filters } = readArguments(rest);
  const isWhole = kinds.length === 0;
  await prepare({ compile: false });
  const { wanted, leftOut } = withoutBroker(isWhole ? Object.keys(KINDS) : kinds);
  const compile = wanted.some((kind) => KINDS[kind].build) ? [() => prepare()] : [];
  const failedChecks = isWhole ? await runChecks(compile) : [];
  if (!isWhole) {
    await Promise.all(compile.map((work) => work()));
  }
  const outcome = await runKinds(wanted, filters, chaos);
  return report({ ...outcome, used: [...outcome.used, ...leftOut] }, failedChecks);
}

/** A run without a broker leaves the kinds that are nothing without one out, and says so. */
function withoutBroker(kinds) {
  const out = process.env.HELPDESK_TEST_BROKER === 'none' ? kinds.filter((kind) => KINDS[kind].overBroker) : [];
  return {
    wanted: kinds.filter((kind) => !out.includes(kind)),
    leftOut: out.length > 0 ? [`left out without RabbitMQ: ${out.join(', ')}`] : [],
  };
}

/** Kinds come first; from the first word on that is none, all goes to Jest. */
function readArguments(args) {
  const end = args.findIndex((arg) => !Object.hasOwn(KINDS, arg));
  const kinds = end === -1 ? args : args.slice(0, end);
  const filters = end === -1 ? [] : args.slice(end);
  if (filters.length > 0 && !/^-|[/.]/.test(filters[0])) {
    throw new Error(
      `There is no kind of tests "${filters[0]}". There are: ${Object.keys(KINDS).join(', ')}. ` +
        'Behind the kinds, parts of paths and options of Jest may follow.',
    );
  }
  return { kinds, filters };
}

async function runKinds(wanted, filters, chaosOptions) {
  const survey = await surveyTests();
  const kinds = wanted.filter((kind) => survey[kind].files > 0);
  if (kinds.length === 0) {
    return { code: 0, counts: {}, faults: [], used: ['there are no such tests'] };
  }
  const servers = await openServers({
    database: kinds.some((kind) => KINDS[kind].database),
    broker: kinds.some((kind) => survey[kind].broker),
    ownBroker: kinds.some((kind) => survey[kind].ownBroker),
    python: kinds.some((kind) => survey[kind].python),
  });
  const chaos = kinds.includes('chaos') ? chaosRun(chaosOptions) : undefined;
  const used = [...servers.used, ...(chaos ? [chaos.description] : [])];
  process.stdout.write(`Tests use:\n${listed(used)}`);
  try {
    const { code, counts } = await runJestOn({ ...servers, env: chaos?.env }, kinds, filters);
    const faults = filters.length > 0 ? [] : kinds.flatMap((kind) => faultsOf(kind, counts[kind], survey[kind].files));
    return { code, counts, faults, used };
  } finally {
    await servers.stop();
  }
}

async function openServers(needs) {
  const opening = [needs.database && openTestDatabase(), needs.broker && openTestBroker({ program: needs.ownBroker })];
  const [database, broker] = await Promise.all(opening);
  // After the broker: two cannot install packages at once.
  const python = needs.python && (await openTestPython());
  const servers = [database, broker].filter(Boolean);
  const used = [database, broker, python].filter(Boolean).map(({ description }) => description);
  return {
    database,
    broker,
    used: used.length > 0 ? used : ['the code alone'],
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function runJestOn({ database, broker, env }, kinds, filters) {
  if (!database) {
    return runJest({ kinds, filters, workers: availableParallelism(), env: process.env });
  }
  await dropLeftovers(database.url);
  const most = Math.floor(database.maxConnections / CONNECTIONS_PER_WORKER);
  const workers = Math.max(1, Math.min(availableParallelism(), most));
  const result = await runJest({ kinds, filters, workers, env: { ...environmentOf(database, broker), ...env } });
  await dropLeftovers(database.url);
  return result;
}

/** Tests are told by names of their own where the servers are; the product's names are theirs to set. */
function environmentOf(database, broker) {
  return {
    ...process.env,
    DATABASE_URL: undefined,
    RABBITMQ_URL: undefined,
    HELPDESK_TEST_DATABASE_URL: database.url,
    HELPDESK_TEST_RABBITMQ_URL: broker?.url,
  };
}

/** A kind whose files were not run, or whose tests are all skipped, must not pass for green. */
function faultsOf(kind, counts = { files: 0, passed: 0, failed: 0 }, files = 0) {
  if (counts.files < files) {
    return [`${kind}: only ${counts.files} of ${files} files were run`];
  }
  return counts.passed + counts.failed === 0 ? [`${kind}: ${files} files, and not one test was run`] : [];
}

function report({ code, counts, faults, used }, failedChecks) {
  const sum = { passed: 0, failed: failedChecks.length + faults.length, skipped: 0 };
  process.stdout.write(`\nTests used:\n${listed(used)}`);
  for (const [kind, one] of Object.entries(counts)) {
    process.stdout.write(
      `${kind}: ${one.passed} passed, ${one.failed} failed, ${one.skipped} skipped, ${one.files} files\n`,
    );
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.skipped += one.skipped;
  }
  for (const fault of [...failedChecks.map((check) => `${check} failed: see above`), ...faults]) {
    process.stdout.write(`${fault}\n`);
  }
  if (code !== 0 && sum.failed === 0) {
    process.stdout.write(`Jest ended with the exit code ${code}: see above\n`);
    sum.failed = 1;
  }
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
  return sum.failed === 0 ? 0 : 1;
}

const listed = (lines) => lines.map((line) => `  ${line}\n`).join('');

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
