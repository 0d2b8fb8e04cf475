/** What an API key may do. */
export const KEY_SCOPES = [
  'tickets:read',
  'tickets:write',
  'config:read',
  'config:write',
  'webhooks:read',
  'webhooks:write',
] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Names for usual sets of scopes; `full` is what a key has unless told otherwise. */
export const SCOPE_PRESETS = {
  full: KEY_SCOPES,
  agent: ['tickets:read', 'tickets:write'],
  'read-only': ['tickets:read', 'config:read', 'webhooks:read'],
} as const satisfies Record<string, readonly KeyScope[]>;
export type ScopePreset = keyof typeof SCOPE_PRESETS;
