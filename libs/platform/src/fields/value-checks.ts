import { fault } from './field-fault';
import type { FieldCheck, FieldFault } from './field-fault';

/** Bounds of a whole number, both allowed. */
export interface NumberBounds {
  readonly min: number;
  readonly max: number;
}

/** True or false. */
export const checkFlag: FieldCheck = (value) =>
  typeof value === 'boolean' ? null : fault('type', 'must be true or false');

/** A whole number within bounds. */
export function checkWholeNumber({ min, max }: NumberBounds): FieldCheck {
  return (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return fault('type', 'must be a whole number');
    }
    if (value < min) {
      return fault('min', `must be at least ${min}`);
    }
    return value > max ? fault('max', `must be at most ${max}`) : null;
  };
}

/** One of a fixed set of whole numbers. */
export function checkOneNumberOf(values: readonly number[]): FieldCheck {
  return (value) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      return fault('type', `must be one of the whole numbers ${values.join(', ')}`);
    }
    return values.includes(value) ? null : fault('enum', `must be one of ${values.join(', ')}`);
  };
}

/** A messenger's chat: a whole number other than zero that fits a double. */
export const checkChatId: FieldCheck = (value) => {
  const wrong = checkWholeNumber({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })(value);
  return wrong ?? (value === 0 ? fault('format', 'must not be 0') : null);
};

/** Bounds of the number of a list's items, and what each item must be. */
export interface ListBounds {
  readonly min: number;
  readonly max: number;
  readonly item: FieldCheck;
}

/** A list; the first faulty item is named by its index. */
export function checkList({ min, max, item }: ListBounds): FieldCheck {
  return (value) => {
    if (!Array.isArray(value)) {
      return fault('type', 'must be an array');
    }
    if (value.length < min) {
      return fault('min', `must have at least ${min} item${min === 1 ? '' : 's'}`);
    }
    if (value.length > max) {
      return fault('max', `must have at most ${max} items, has ${value.length}`);
    }
    return firstFault(value, item);
  };
}

function firstFault(list: readonly unknown[], check: FieldCheck): FieldFault | null {
  for (const [index, one] of list.entries()) {
    const wrong = check(one);
    if (wrong) {
      return fault(wrong.code, `[${index}] ${wrong.message}`);
    }
  }
  return null;
}
