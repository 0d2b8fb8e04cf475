import { fieldError, TICKET_PRIORITIES, TICKET_STATUSES } from '#contracts';
import type { DetailCode } from '#contracts';
import { checkTag, isUuid } from '#platform';
import type { BulkAction } from '#tickets';

/** What `POST /tickets/bulk` can do to each ticket. */
export const BULK_ACTIONS = ['close', 'set_status', 'assign', 'set_priority', 'add_tag', 'remove_tag'] as const;
export type BulkActionName = (typeof BULK_ACTIONS)[number];

type Value = string | null | undefined;

const PARSERS: Readonly<Record<BulkActionName, (value: Value) => BulkAction>> = {
  close: parseClose,
  set_status: (value) => ({ type: 'set_status', status: oneOf(TICKET_STATUSES, 'set_status', value) }),
  set_priority: (value) => ({ type: 'set_priority', priority: oneOf(TICKET_PRIORITIES, 'set_priority', value) }),
  assign: (value) => ({ type: 'assign', agentId: agentId(value) }),
  add_tag: (value) => ({ type: 'add_tag', tag: tag('add_tag', value) }),
  remove_tag: (value) => ({ type: 'remove_tag', tag: tag('remove_tag', value) }),
};

/**
 * Reads an action with its `value`: a status, a priority, a tag, or an agent's id (null or nothing clears the assignment).
 * @throws {DomainError} `validation_failed` for `value` when it does not fit the action.
 */
export function parseBulkAction(action: BulkActionName, value: Value): BulkAction {
  return PARSERS[action](value);
}

/** `close` needs no value; one that says something else is a mistake. */
function parseClose(value: Value): BulkAction {
  if (value && value.trim() !== '' && value !== 'closed') {
    throw refuse('enum', `close takes no value. To set the status ${value.slice(0, 64)} use the action set_status.`);
  }
  return { type: 'set_status', status: 'closed' };
}

function oneOf<Word extends string>(words: readonly Word[], action: BulkActionName, value: Value): Word {
  const word = words.find((one) => one === value);
  if (!word) {
    throw value === undefined || value === null
      ? refuse('required', `${action} needs a value: one of ${words.join(', ')}.`)
      : refuse('enum', `value must be one of ${words.join(', ')}.`);
  }
  return word;
}

function agentId(value: Value): string | null {
  if (value === undefined || value === null) {
    return null;
  }
  if (!isUuid(value)) {
    throw refuse('format', 'value must be the UUID of an agent, or null to clear the assignment.');
  }
  return value.toLowerCase();
}

function tag(action: BulkActionName, value: Value): string {
  if (value === undefined || value === null) {
    throw refuse('required', `${action} needs a value: the tag.`);
  }
  const wrong = checkTag(value);
  if (wrong) {
    throw refuse(wrong.code, `value ${wrong.message}.`);
  }
  return value;
}

function refuse(code: DetailCode, message: string) {
  return fieldError('value', code, message);
}
