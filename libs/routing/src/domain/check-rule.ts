import { CHANNELS, ROUTING_ACTION_KEYS, ROUTING_CONDITION_KEYS, TICKET_PRIORITIES } from '#contracts';
import type { RoutingAction, RoutingActionKey, RoutingCondition, RoutingConditionKey } from '#contracts';
import {
  checkFlag,
  checkOneLine,
  checkOneOf,
  checkTag,
  checkUuid,
  checkWholeNumber,
  fault,
  nearestName,
} from '#platform';
import type { FieldCheck, FieldFault } from '#platform';
import { MAX_TAGS } from '#tickets';
import { MAX_RULE_NAME, MAX_VALUE, MAX_VALUES, ORDER_INDEX } from './routing-rule';

type Given = Readonly<Record<string, unknown>>;
type Checks<Key extends string> = Readonly<Record<Key, FieldCheck>>;

const isOneLine = checkOneLine({ max: MAX_VALUE });

/** Words to look for. Blank ones would be found in every text. */
const checkWords: FieldCheck = (value) => isOneLine(value) ?? notBlank(value as string);

const CONDITION: Checks<RoutingConditionKey> = {
  channel: checkOneOf(CHANNELS),
  subject_contains: oneOrMany(checkWords, MAX_VALUES),
  text_contains: oneOrMany(checkWords, MAX_VALUES),
  ticket_type_id: checkUuid,
};

const ACTION: Checks<RoutingActionKey> = {
  assign_to: checkUuid,
  set_priority: checkOneOf(TICKET_PRIORITIES),
  add_tag: oneOrMany(checkTag, MAX_TAGS),
};

const isName = checkOneLine({ max: MAX_RULE_NAME });

const RULE = {
  name: (value: unknown) => isName(value) ?? notBlank(value as string),
  condition: checkCondition,
  action: checkAction,
  order_index: checkWholeNumber(ORDER_INDEX),
  enabled: checkFlag,
};

/** What is wrong with a condition as it is given, at its path within it; null when nothing is. */
export function checkCondition(value: unknown): FieldFault | null {
  return (
    checkMembers(value, CONDITION, '{"text_contains": ["refund", "money back"]}') ??
    checkNotEmpty(value, ROUTING_CONDITION_KEYS)
  );
}

/** What is wrong with an action as it is given, at its path within it; null when nothing is. */
export function checkAction(value: unknown): FieldFault | null {
  return (
    checkMembers(value, ACTION, '{"set_priority": "high", "add_tag": "refund"}') ??
    checkNotEmpty(value, ROUTING_ACTION_KEYS)
  );
}

/** What is wrong with a whole rule that is given as one value; null when nothing is. */
export function checkWholeRule(value: unknown): FieldFault | null {
  const wrong = checkMembers(value, RULE, 'with name, condition and action');
  if (wrong) {
    return wrong;
  }
  const missing = ['name', 'condition', 'action'].find((name) => (value as Given)[name] === undefined);
  return missing === undefined ? null : fault('required', 'is required', `.${missing}`);
}

/** A condition that passed the check, with its ids in lower case. */
export function readCondition(value: unknown): RoutingCondition {
  const condition = value as RoutingCondition;
  const { ticket_type_id: id } = condition;
  return id === undefined ? condition : { ...condition, ticket_type_id: id.toLowerCase() };
}

/** An action that passed the check, with its ids in lower case. */
export function readAction(value: unknown): RoutingAction {
  const action = value as RoutingAction;
  const { assign_to: id } = action;
  return id === undefined ? action : { ...action, assign_to: id.toLowerCase() };
}

function checkMembers(
  value: unknown,
  checks: Readonly<Record<string, FieldCheck>>,
  example: string,
): FieldFault | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault('type', `must be an object ${example.startsWith('{') ? 'such as ' : ''}${example}`);
  }
  for (const [name, member] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    const wrong = check ? check(member) : unknownName(name, Object.keys(checks));
    if (wrong) {
      return { ...wrong, path: `.${name.slice(0, 64)}${wrong.path ?? ''}` };
    }
  }
  return null;
}

function unknownName(name: string, known: readonly string[]): FieldFault {
  const meant = nearestName(name, known);
  return fault(
    'unknown_field',
    `is not known. ${meant ? `Perhaps you mean ${meant}` : `Known are: ${known.join(', ')}`}`,
  );
}

function checkNotEmpty(value: unknown, known: readonly string[]): FieldFault | null {
  return Object.keys(value as object).length > 0 ? null : fault('min', `must have at least one of ${known.join(', ')}`);
}

/** One value, or a list of some; the faulty one is named by its place. */
function oneOrMany(check: FieldCheck, max: number): FieldCheck {
  return (value) => {
    if (typeof value === 'string') {
      return check(value);
    }
    if (!Array.isArray(value)) {
      return fault('type', 'must be a string or an array of strings');
    }
    if (value.length < 1 || value.length > max) {
      return fault(value.length < 1 ? 'min' : 'max', `must have 1 to ${max} items, has ${value.length}`);
    }
    for (const [index, one] of value.entries()) {
      const wrong = check(one);
      if (wrong) {
        return { ...wrong, path: `[${index}]` };
      }
    }
    return null;
  };
}

function notBlank(value: string): FieldFault | null {
  return value.trim() === '' ? fault('required', 'must not be blank') : null;
}
