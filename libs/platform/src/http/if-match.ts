import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { fieldError } from '#contracts';
import type { ApiRequest } from './project-request';

const VERSION = /^(?:W\/)?(?:"(\d{1,10})"|(\d{1,10}))$/;

/**
 * The version that `If-Match` asks for; undefined without the header and for `*` (RFC 9110, 13.1.1).
 * @throws {DomainError} `validation_failed` when the header is no version.
 */
export function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') {
    return undefined;
  }
  const match = VERSION.exec(header.trim());
  if (!match) {
    throw fieldError('If-Match', 'format', 'If-Match must be the ETag of the ticket, such as "3".');
  }
  return Number(match[1] ?? match[2]);
}

/** Injects the version that the request's `If-Match` asks for, and names the header in the API document. */
export const IfMatch = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    parseIfMatch(context.switchToHttp().getRequest<ApiRequest>().headers['if-match']),
  [
    (controller, handler) => {
      const route = Object.getOwnPropertyDescriptor(controller, handler as string);
      ApiHeader({
        name: 'If-Match',
        description: 'The `ETag` of the ticket that you have seen: when it has changed since, 412 and nothing happens.',
        schema: { type: 'string', pattern: VERSION.source, example: '"3"' },
      })(controller, handler as string, route as PropertyDescriptor);
    },
  ],
);
