import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../running/root.mjs';

/**
 * Runs a program in the checkout and keeps what it prints.
 * @param {string} program
 * @param {readonly string[]} parameters
 * @returns {Promise<{ readonly code: number, readonly output: string }>}
 */
export async function runCaptured(program, parameters) {
  const child = spawn(program, parameters, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code: code ?? 1, output };
}
