import { fieldError, KEY_SCOPES, SCOPE_PRESETS } from '#contracts';
import type { KeyScope } from '#contracts';

const PRESETS: Readonly<Record<string, readonly KeyScope[]>> = SCOPE_PRESETS;

/**
 * Reads what a key may do: names of scopes, of presets, or a mixture; nothing means the preset `full`.
 * @returns every scope once, in the order of the catalogue.
 * @throws {DomainError} `validation_failed` with the names that there are.
 */
export function keyScopesOf(names: readonly string[]): KeyScope[] {
  const wanted = new Set((names.length === 0 ? ['full'] : names).flatMap(expand));
  return KEY_SCOPES.filter((scope) => wanted.has(scope));
}

function expand(name: string): readonly KeyScope[] {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  const scope = KEY_SCOPES.find((one) => one === name);
  if (!preset && !scope) {
    const known = [...Object.keys(PRESETS), ...KEY_SCOPES].join(', ');
    throw fieldError('scopes', 'enum', `There is no scope "${name}". Choose from: ${known}.`);
  }
  return preset ?? [scope as KeyScope];
}
