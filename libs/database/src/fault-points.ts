/** Passes that end the process, by the point's name; undefined when none is planned, which is always outside tests. */
let planned: Map<string, ReadonlySet<number>> | undefined;
const passes = new Map<string, number>();

/**
 * Plans where this process kills itself as `kill -9` would: `name#n[,name#n]`, the n-th pass of the point. Undefined or empty
 * plans nothing. Belongs to the process, not to a module: the process is what dies.
 * @throws {Error} naming the part that does not have this form.
 */
export function setFaultPoints(spec: string | undefined): void {
  passes.clear();
  planned = spec ? parse(spec) : undefined;
}

/** A place where a crash is worth trying. Does nothing unless {@link setFaultPoints} planned one here. */
export function faultPoint(name: string): void {
  if (planned === undefined) {
    return;
  }
  const pass = (passes.get(name) ?? 0) + 1;
  passes.set(name, pass);
  if (planned.get(name)?.has(pass)) {
    process.kill(process.pid, 'SIGKILL');
  }
}

function parse(spec: string): Map<string, ReadonlySet<number>> {
  const result = new Map<string, Set<number>>();
  for (const part of spec.split(',')) {
    const [, name, pass] = /^([A-Za-z][A-Za-z0-9.]*)#([1-9][0-9]*)$/.exec(part.trim()) ?? [];
    if (!name || !pass) {
      throw new Error(`"${part}" names no fault point. Write name#n, for example relay.beforeCommit#1.`);
    }
    result.set(name, (result.get(name) ?? new Set()).add(Number(pass)));
  }
  return result;
}
