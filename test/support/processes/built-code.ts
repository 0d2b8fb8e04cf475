import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..', '..');
const ASK_WHETHER_BUILT = `
  import { isBuilt } from ${JSON.stringify(join(ROOT, 'scripts', 'running', 'build.mjs'))};
  process.stdout.write(String(await isBuilt()));
`;

let answer: Promise<void> | undefined;

/**
 * Tests of code that was compiled before its sources were changed would say nothing. Looked at once.
 * @throws {Error} saying how to compile.
 */
export async function assertBuilt(): Promise<void> {
  await (answer ??= askWhetherBuilt());
}

/** The parameters with which node runs a program: a source of the product, compiled; or one of the tests, see `run-source.cjs`. */
export function programOf(source: string): string[] {
  return source.startsWith('apps/')
    ? [join(ROOT, 'dist', source.replace(/\.ts$/, '.js'))]
    : ['--require', join(__dirname, 'run-source.cjs'), join(ROOT, source)];
}

async function askWhetherBuilt(): Promise<void> {
  const asked = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', ASK_WHETHER_BUILT]);
  if (asked.stdout !== 'true') {
    throw new Error(
      'These tests run the compiled code, and dist/ is not what the sources are now. Run them by the test command, which ' +
        'compiles first: npm run test:chaos.',
    );
  }
}
