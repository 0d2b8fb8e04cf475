import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * When the process with this id began, in units that only equality makes sense of; `undefined` for a process that is
 * gone (or is a zombie). A process id alone is no identity: in containers the same small numbers come again and again.
 */
export function processStart(pid: number): string | undefined {
  const [state, start] = process.platform === 'linux' ? statOnLinux(pid) : statByPs(pid);
  return state === undefined || state.startsWith('Z') ? undefined : start;
}

/** Whether this process is a PostgreSQL server (postmaster) that works in this data directory. */
export function isPostmasterOf(pid: number, clusterDir: string): boolean {
  if (processStart(pid) === undefined) {
    return false;
  }
  if (process.platform !== 'linux') {
    return ps(pid, 'comm=').endsWith('postgres');
  }
  try {
    // A postmaster's working directory is its data directory. Not being allowed to look means: another user's process.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
  } catch {
    return false;
  }
}

/** `proc_pid_stat(5)`: the fields after the command's closing bracket; state is the first, start time the 20th. */
function statOnLinux(pid: number): [state: string | undefined, start: string | undefined] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[0], fields[19]];
  } catch {
    return [undefined, undefined];
  }
}

function statByPs(pid: number): [state: string | undefined, start: string | undefined] {
  const [state, ...start] = ps(pid, 'state=,lstart=').split(/\s+/);
  return [state === '' ? undefined : state, start.join(' ')];
}

function ps(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', columns], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
