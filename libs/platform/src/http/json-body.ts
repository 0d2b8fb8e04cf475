import { DomainError } from '#contracts';
import type { ErrorDetail } from '#contracts';

/** Deepest nesting of objects and arrays in a body. */
const MAX_DEPTH = 20;

/** Most faults that one answer names. */
const MAX_DETAILS = 20;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Reads a JSON body strictly: valid UTF-8, no deeper than 20 levels, no key that reaches for a prototype, no NUL and no lone
 * surrogate in any text, since Postgres can store neither.
 * @throws {DomainError} `validation_failed`.
 */
export function parseJsonBody(raw: Buffer): unknown {
  assertShallow(raw);
  const value = parse(raw);
  const details: ErrorDetail[] = [];
  inspect(value, '', details);
  if (details.length > 0) {
    throw new DomainError('validation_failed', details[0]?.message ?? 'The body has forbidden characters.', {
      details,
    });
  }
  return value;
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(raw));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'not valid JSON' : 'not valid UTF-8';
    throw new DomainError('validation_failed', `The body is ${reason}. Send one complete JSON object in UTF-8.`);
  }
}

/** Counts brackets on the raw bytes, before anything recursive sees them. Quotes and brackets are single bytes in UTF-8. */
function assertShallow(raw: Buffer): void {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < raw.length; index++) {
    const byte = raw[index] as number;
    if (inText) {
      if (byte === BACKSLASH) {
        index++;
      } else if (byte === QUOTE) {
        inText = false;
      }
    } else if (byte === QUOTE) {
      inText = true;
    } else if (OPENING.has(byte)) {
      if (++depth > MAX_DEPTH) {
        throw new DomainError(
          'validation_failed',
          `The body is nested deeper than ${MAX_DEPTH} levels. Make it flatter.`,
        );
      }
    } else if (CLOSING.has(byte)) {
      depth--;
    }
  }
}

function inspect(value: unknown, path: string, details: ErrorDetail[]): void {
  if (details.length >= MAX_DETAILS) {
    return;
  }
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !value.isWellFormed()) {
      details.push(
        forbidden(path, `${path || 'The body'} has a NUL character or half of a surrogate pair. Remove it.`),
      );
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => inspect(item, `${path}[${index}]`, details));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      inspectKey(key, path, details);
      inspect(item, path ? `${path}.${key}` : key, details);
    }
  }
}

function inspectKey(key: string, path: string, details: ErrorDetail[]): void {
  if (FORBIDDEN_KEYS.has(key) || key.includes('\u0000') || !key.isWellFormed()) {
    const shown = key.slice(0, 64).toWellFormed().replaceAll('\u0000', '\ufffd');
    details.push(
      forbidden(path ? `${path}.${shown}` : shown, `The name ${shown} is not allowed in a body. Remove it.`),
    );
  }
}

function forbidden(field: string, message: string): ErrorDetail {
  return { field: field.slice(0, 200), code: 'forbidden_characters', message };
}
