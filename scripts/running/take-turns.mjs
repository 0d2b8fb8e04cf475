import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { inRoot } from './root.mjs';

const TURN = inRoot('.cache', 'turn.json');
const POLL_MS = 100;

/**
 * Runs `work` while no other process of this checkout does; the turn of a process that has died is over. `work` gets a function
 * to name the programs that it starts: they may outlive a kill -9 of us, and the turn lasts as long as they do.
 * @param {(onStart: (pid: number) => void) => Promise<void>} work
 */
export async function takeTurns(work) {
  await mkdir(inRoot('.cache'), { recursive: true });
  await waitForTurn();
  try {
    await work((pid) => void writeAside([process.pid, pid]).then((draft) => rename(draft, TURN)));
  } finally {
    await rm(TURN, { force: true });
  }
}

async function waitForTurn() {
  let told = false;
  while (!(await tryTurn())) {
    const holders = await readHolders(TURN);
    if (!holders.some(isAlive)) {
      await endDeadTurn();
      continue;
    }
    if (!told) {
      process.stderr.write(`Waiting for process ${holders[0]}, which prepares this checkout …\n`);
      told = true;
    }
    await pause(POLL_MS);
  }
}

/** The file appears with its content (link is atomic), so that nobody takes a half-written one for a dead one. */
async function tryTurn() {
  const draft = await writeAside([process.pid]);
  try {
    await link(draft, TURN);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') {
      throw error;
    }
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Two processes may find the same dead turn; the slower one must give back the turn that the faster one has just taken. */
async function endDeadTurn() {
  const aside = `${TURN}.${randomUUID()}`;
  await rename(TURN, aside).catch(ignoreMissing);
  if ((await readHolders(aside)).some(isAlive)) {
    await link(aside, TURN).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

async function writeAside(holders) {
  const draft = `${TURN}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(holders));
  return draft;
}

async function readHolders(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return [];
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}
