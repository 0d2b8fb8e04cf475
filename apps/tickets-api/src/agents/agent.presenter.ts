import type { AgentPayload } from '#contracts';
import { encodeCursor, presentList } from '#platform';
import type { PageRequest } from '#platform';
import type { AgentDetails } from '#projects';

/** An agent's place in the list, which is ordered by name. */
export interface AgentPlace {
  readonly name: string;
  readonly id: string;
}

/** Which page of the agents. */
export interface AgentPageRequest extends PageRequest {
  readonly after?: AgentPlace;
}

/** One page of a project's agents, by name. A project has few, so the page is cut out of all of them. */
export function presentAgents(
  agents: readonly AgentDetails[],
  openTickets: ReadonlyMap<string, number>,
  { limit, offset, after }: AgentPageRequest,
) {
  const following = agents.toSorted(compare).filter((agent) => !after || compare(agent, after) > 0);
  const shown = following.slice(offset, offset + limit);
  const last = shown.at(-1);
  const hasMore = following.length > offset + limit;
  const items = shown.map(({ id, name, email, role }): AgentPayload => {
    return { id, name, email, role, open_tickets: openTickets.get(id) ?? 0 };
  });
  return presentList(
    'agents',
    items,
    { limit, offset },
    {
      total: after ? undefined : agents.length,
      nextCursor: hasMore && last ? encodeCursor('agents', { name: last.name, id: last.id }) : null,
    },
  );
}

function compare(a: AgentPlace, b: AgentPlace): number {
  const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
  if (left === right) {
    return a.id < b.id ? -1 : Number(a.id > b.id);
  }
  return left < right ? -1 : 1;
}
