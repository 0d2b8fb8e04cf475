import type { PipeTransform } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ErrorCode } from '#contracts';
import { isUuid } from '../fields/text-checks';

/** What the documents say of a parameter of the address. */
export interface PathParamDescription {
  readonly description: string;
  readonly schema: object;
  readonly example: string | number;
  /** What a value that leads nowhere is answered with. */
  readonly code: ErrorCode;
}

/** A parameter of the address that says what it is. */
export interface DescribedPathParam<Value> extends PipeTransform<string, Value> {
  readonly describes: PathParamDescription;
}

/** Largest number that a ticket can have: a Postgres integer. */
const MAX_NUMBER = 2_147_483_647;

const EXAMPLE_ID = '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69';

const NOT_THERE: Partial<Record<ErrorCode, string>> = {
  ticket_not_found: 'There is no ticket with this id. GET /v1/helpdesk/tickets lists them.',
  subscriber_not_found: 'There is no subscriber with this id. GET /v1/helpdesk/subscribers lists them.',
  ticket_type_not_found: 'There is no ticket type with this id. GET /v1/helpdesk/ticket-types/config lists them.',
  canned_response_not_found: 'There is no canned response with this id. GET /v1/helpdesk/canned-responses lists them.',
  routing_rule_not_found: 'There is no routing rule with this id. GET /v1/helpdesk/routing-rules lists them.',
};

/** A refusal that tells a made-up id from another project's by nothing. */
export function notThere(code: ErrorCode): DomainError {
  return new DomainError(code, NOT_THERE[code] ?? 'There is nothing with this id.');
}

/** Reads an id from the address; what is no UUID is answered like an unknown id. */
export function UuidPathParam(code: ErrorCode): DescribedPathParam<string> {
  return {
    describes: {
      description: `The ${nounOf(code)}’s id.`,
      schema: { type: 'string', format: 'uuid' },
      example: EXAMPLE_ID,
      code,
    },
    transform(value: string): string {
      if (!isUuid(value)) {
        throw notThere(code);
      }
      return value.toLowerCase();
    },
  };
}

/** Reads a number from 1 from the address; anything else is answered like an unknown number. */
export function NumberPathParam(code: ErrorCode): DescribedPathParam<number> {
  return {
    describes: {
      description: `The ${nounOf(code)}’s number in its project.`,
      schema: { type: 'integer', minimum: 1, maximum: MAX_NUMBER },
      example: 42,
      code,
    },
    transform(value: string): number {
      const number = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 0;
      if (number < 1 || number > MAX_NUMBER) {
        throw notThere(code);
      }
      return number;
    },
  };
}

/** `ticket_type_not_found` speaks of a ticket type. */
function nounOf(code: ErrorCode): string {
  return code.replace(/_not_found$/, '').replaceAll('_', ' ');
}
