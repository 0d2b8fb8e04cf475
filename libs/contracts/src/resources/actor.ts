/** Kinds of doers that history and events name. */
export const ACTOR_TYPES = ['agent', 'key', 'customer', 'rule', 'system', 'ai'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

/** Who did something: an agent, an API key, a customer, a routing rule, the system or an AI agent. */
export interface Actor {
  readonly type: ActorType;
  readonly id: string | null;
  readonly name: string | null;
}

/** The product itself, for example a scan that found a breach. */
export const SYSTEM_ACTOR: Actor = { type: 'system', id: null, name: null };
