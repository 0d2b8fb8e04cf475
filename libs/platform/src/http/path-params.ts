import type { PipeTransform } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ErrorCode } from '#contracts';
import { isUuid } from '../fields/text-checks';

/** Largest number that a ticket can have: a Postgres integer. */
const MAX_NUMBER = 2_147_483_647;

const NOT_THERE: Partial<Record<ErrorCode, string>> = {
  ticket_not_found: 'There is no ticket with this id. GET /v1/helpdesk/tickets lists them.',
  subscriber_not_found: 'There is no subscriber with this id. GET /v1/helpdesk/subscribers lists them.',
};

/** A refusal that tells a made-up id from another project's by nothing. */
export function notThere(code: ErrorCode): DomainError {
  return new DomainError(code, NOT_THERE[code] ?? 'There is nothing with this id.');
}

/** Reads an id from the address; what is no UUID is answered like an unknown id. */
export function UuidPathParam(code: ErrorCode): PipeTransform<string, string> {
  return {
    transform(value: string): string {
      if (!isUuid(value)) {
        throw notThere(code);
      }
      return value.toLowerCase();
    },
  };
}

/** Reads a number from 1 from the address; anything else is answered like an unknown number. */
export function NumberPathParam(code: ErrorCode): PipeTransform<string, number> {
  return {
    transform(value: string): number {
      const number = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 0;
      if (number < 1 || number > MAX_NUMBER) {
        throw notThere(code);
      }
      return number;
    },
  };
}
