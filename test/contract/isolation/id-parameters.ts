import { SETTINGS } from '../../../apps/config-api/src/settings/settings.fields';
import { dereferenced } from '../../support/api-document';
import type { DescribedOperation, Schema } from '../../support/api-document';

/** A place of a request where an id of the product stands, or something else that leads to somebody's data. */
export interface IdParameter {
  readonly in: 'path' | 'query' | 'body';
  readonly name: string;
  /** What it leads to, for example `ticket`. */
  readonly kind: string;
  /** Whether it is a list of ids. */
  readonly isList: boolean;
}

/** What parameters are called, and what they lead to. */
const KINDS: Readonly<Record<string, string>> = {
  number: 'ticket_number',
  ticket_ids: 'ticket',
  ticket_id: 'ticket',
  ticket_type_id: 'ticket_type',
  subscriber_id: 'subscriber',
  assigned_to: 'agent',
  user_id: 'agent',
  expected_assigned_to: 'agent',
  agent_id: 'agent',
  value: 'agent',
  canned_response_id: 'canned_response',
  if_last_message_id: 'message',
  chat_id: 'chat_id',
  external_id: 'external_id',
  object_id: 'config_object',
  q: 'word',
  tag: 'word',
};

/** Positions in lists. What is not their own operation's is no position of another's. */
const CURSORS = ['cursor', 'after'];

/** Parameters that lead to nobody: numbers, times, words of a fixed set, and texts that are stored. */
const NO_IDS = new Set([
  'advance_seconds',
  'limit',
  'offset',
  'status',
  'priority',
  'channel',
  'created_after',
  'created_before',
  'updated_after',
  'sla',
  'unanswered',
  'sort',
  'types',
  'month',
  'text',
  'subject',
  'first_name',
  'username',
  'tags',
  'action',
  'object_type',
  'dry_run',
  'internal',
  'name',
  'description',
  'sort_order',
  'enabled',
  'title',
  'shortcut',
  'condition',
  'order_index',
  'rule',
  'last',
  'rating',
  'comment',
  'from',
  'to',
  'group_by',
  ...Object.keys(SETTINGS),
]);

/**
 * Every place of an operation's request that leads to data, as the API document has them.
 * @throws {Error} for a parameter or a field that is neither known to lead somewhere nor known not to.
 */
export function idParametersOf(described: DescribedOperation): IdParameter[] {
  const { parameters = [], requestBody } = described.operation;
  const ofAddress = parameters.flatMap(({ $ref, name = '', in: place, schema = {} }) =>
    $ref || place === 'header' ? [] : idParameter(described, place as 'path' | 'query', name, schema),
  );
  const body = dereferenced(requestBody?.content?.['application/json']?.schema ?? {});
  const ofBody = Object.entries(body.properties ?? {}).flatMap(([name, schema]) =>
    idParameter(described, 'body', name, schema),
  );
  return [...ofAddress, ...ofBody];
}

function idParameter(
  described: DescribedOperation,
  place: IdParameter['in'],
  name: string,
  schema: Schema,
): IdParameter[] {
  if (NO_IDS.has(name)) {
    return [];
  }
  const kind = place === 'path' && name === 'id' ? kindOfPath(described) : kindOf(described, name);
  return [{ in: place, name, kind, isList: dereferenced(schema).type === 'array' }];
}

/** `{id}` is that of the thing which is not found when the id is wrong. */
function kindOfPath({ operation }: DescribedOperation): string {
  const codes = Object.keys(operation.responses['404']?.content?.['application/json']?.examples ?? {});
  return codes[0]?.replace(/_not_found$/, '') ?? '';
}

function kindOf({ method, path, operation }: DescribedOperation, name: string): string {
  const kind = CURSORS.includes(name) ? `cursor of ${operation.operationId}` : KINDS[name];
  if (!kind) {
    throw new Error(`${method} ${path}: is ${name} an id? Say what it leads to in KINDS, or name it in NO_IDS.`);
  }
  return kind;
}
