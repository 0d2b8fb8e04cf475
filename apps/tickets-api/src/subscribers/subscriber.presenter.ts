import { encodeCursor, presentList } from '#platform';
import type { SubscriberFilter, SubscriberPage } from '#subscribers';

/** The list envelope of a project's subscribers. */
export function presentSubscribers({ subscribers, total, hasMore }: SubscriberPage, request: SubscriberFilter) {
  const last = subscribers.at(-1);
  const nextCursor = hasMore && last ? encodeCursor('subscribers', { createdAt: last.created_at, id: last.id }) : null;
  return presentList('subscribers', subscribers, request, { total, nextCursor });
}
