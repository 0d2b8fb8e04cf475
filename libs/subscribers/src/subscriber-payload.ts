import type { SubscriberPayload } from '#contracts';

/** The API's subscriber object as an SQL expression over a row of `subscriber` under the alias `s`. */
export const SUBSCRIBER_PAYLOAD_SQL = `json_build_object(
  'id', s.id, 'channel', s.channel, 'chat_id', s.chat_id, 'external_id', s.external_id, 'first_name', s.first_name,
  'username', s.username, 'lang', s.lang, 'reachable', s.reachable, 'tags', s.tags,
  'created_at', to_char(s.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;

/** A row that carries the subscriber object. */
export interface SubscriberRow {
  readonly subscriber: SubscriberPayload;
}
