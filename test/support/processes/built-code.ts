import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..', '..');
const ASK_WHETHER_BUILT = `
  import { isBuilt } from ${JSON.stringify(join(ROOT, 'scripts', 'running', 'build.mjs'))};
  process.stdout.write(String(await isBuilt()));
`;

let answer: Promise<void> | undefined;

/** The parameters with which node runs a program: a source of the product, compiled; or one of the tests, see `run-source.cjs`. */
export async function programOf(source: string): Promise<string[]> {
  await (answer ??= assertBuilt());
  return source.startsWith('apps/')
    ? [join(ROOT, 'dist', source.replace(/\.ts$/, '.js'))]
    : ['--require', join(__dirname, 'run-source.cjs'), join(ROOT, source)];
}

/** Tests of code that was compiled before its sources were changed would say nothing. */
async function assertBuilt(): Promise<void> {
  const asked = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', ASK_WHETHER_BUILT]);
  if (asked.stdout !== 'true') {
    throw new Error(
      'These tests run the compiled code, and dist/ is not what the sources are now. Run them by the test command, which ' +
        'compiles first: npm run test:chaos.',
    );
  }
}
