import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** The processes of this machine with their parents. */
export async function processTree(): Promise<{ pid: number; parent: number }[]> {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines
      .map((line) => line.trim().split(/\s+/))
      .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
  }
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')));
  const parents = stats.map((line) => Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]));
  return pids.map((pid, index) => ({ pid, parent: parents[index]! }));
}
