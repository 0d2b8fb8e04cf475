import { readEnvironment } from '#platform';
import { runCommandLine } from './src/run-command-line';

async function main(): Promise<void> {
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    environment: readEnvironment,
  });
}

void main();
