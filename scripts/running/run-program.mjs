import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM'];

/**
 * Runs a program in the installation's folder and waits for its end. What it prints goes to our standard error, for the
 * standard output belongs to the answer of a command. A signal to us goes to the program first, and then ends us.
 * @param {string} program
 * @param {readonly string[]} parameters
 * @param {{ readonly env?: Readonly<Record<string, string>>, readonly onStart?: (pid: number) => void }} [options]
 * @returns {Promise<number>} its exit code, 1 when it was killed.
 */
export async function runProgram(program, parameters, { env = {}, onStart } = {}) {
  const child = spawn(program, parameters, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  let told;
  const hand = (signal) => {
    told = signal;
    child.kill(signal);
  };
  SIGNALS.forEach((signal) => process.on(signal, hand));
  try {
    const exited = once(child, 'exit');
    await once(child, 'spawn');
    onStart?.(child.pid);
    const [code] = await exited;
    return code ?? 1;
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, hand));
    if (told) {
      process.kill(process.pid, told);
    }
  }
}
