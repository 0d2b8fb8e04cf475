import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const CALL = /\bfaultPoint\(\s*'([^']+)'\s*\)/g;

/** The names of all fault points in the product's code: read from the code, so that none can be forgotten. */
export function faultPointsInCode(): string[] {
  const names = ['apps', 'libs'].flatMap((folder) => sourcesBelow(folder)).flatMap((path) => namesIn(path));
  return [...new Set(names)].toSorted();
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('spec.ts'))
    .map((path) => join(ROOT, folder, path));
}

function namesIn(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(CALL)].map(([, name]) => name as string);
}
