import type { Actor, ActorType } from '#contracts';
import { encodeCursor, presentList } from '#platform';
import type { PageRequest } from '#platform';
import type { ConfigHistoryItem, ConfigObjectType, ConfigurationPage } from '#settings';

/** One line of the configuration's history as the API shows it. */
export interface ConfigHistoryPayload {
  readonly id: string;
  readonly at: string;
  readonly actor: Actor;
  readonly action: ConfigHistoryItem['action'];
  readonly object_type: ConfigObjectType;
  readonly object_id: string;
  readonly field: string | null;
  readonly from: unknown;
  readonly to: unknown;
  readonly request_id: string | null;
}

/** The list envelope of the configuration's history. */
export function presentConfigHistory(
  { items, total, next }: ConfigurationPage<ConfigHistoryItem>,
  request: PageRequest,
) {
  const nextCursor = next ? encodeCursor('config-history', next) : null;
  return presentList('history', items.map(presentItem), request, { total, nextCursor });
}

function presentItem(item: ConfigHistoryItem): ConfigHistoryPayload {
  return {
    id: item.id,
    at: item.at.toISOString(),
    actor: { type: item.actorType as ActorType, id: item.actorId, name: item.actorName },
    action: item.action,
    object_type: item.objectType,
    object_id: item.objectId,
    field: item.field,
    from: item.from,
    to: item.to,
    request_id: item.requestId,
  };
}
