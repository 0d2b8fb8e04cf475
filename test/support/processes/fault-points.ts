import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const CALL = /\bfaultPoint\(\s*'([^']+)'\s*\)/g;

/**
 * The names of all fault points in the product's code below these folders, but for those of other transports: read from the code, so
 * that none can be forgotten.
 */
export function faultPointsInCode(
  transport: 'postgres' | 'rabbitmq',
  folders: readonly string[] = ['apps', 'libs'],
): string[] {
  const sources = folders.flatMap((folder) => sourcesBelow(folder));
  const names = sources.filter((path) => isPassedWith(transport, path)).flatMap((path) => namesIn(path));
  return [...new Set(names)].toSorted();
}

function isPassedWith(transport: string, path: string): boolean {
  const [, folder] = /\/transports\/([^/]+)\//.exec(path) ?? [];
  return folder === undefined || folder === transport;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'))
    .map((path) => join(ROOT, folder, path));
}

function namesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(CALL)].map(([, name]) => name as string);
}
