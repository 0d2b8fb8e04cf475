import { encodeCursor, presentList } from '#platform';
import type { PageRequest } from '#platform';
import type { CannedResponse, ConfigurationPage } from '#settings';

/** A canned response as the API shows it. */
export interface CannedResponsePayload {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly shortcut: string | null;
  readonly used_count: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One canned response. */
export function presentCannedResponse(response: CannedResponse): CannedResponsePayload {
  return {
    id: response.id,
    title: response.title,
    text: response.text,
    shortcut: response.shortcut,
    used_count: response.usedCount,
    created_at: response.createdAt.toISOString(),
    updated_at: response.updatedAt.toISOString(),
  };
}

/** The list envelope of canned responses. */
export function presentCannedResponses(
  { items, total, next }: ConfigurationPage<CannedResponse>,
  request: PageRequest,
) {
  const nextCursor = next ? encodeCursor('canned-responses', next) : null;
  return presentList('canned_responses', items.map(presentCannedResponse), request, { total, nextCursor });
}
