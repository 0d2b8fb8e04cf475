import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ApiResponseMessage } from './project-request';

/** Content type of an answer whose handler gives JSON text instead of an object. */
export const JSON_TEXT = 'application/json; charset=utf-8';

/** An answer that is JSON text already, with the version that it carries. */
export class VersionedText {
  constructor(
    readonly text: string,
    readonly version: number,
  ) {}
}

/** Answers that carry a `version` get it as their ETag (RFC 9110, 8.8.3). */
@Injectable()
export class EtagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((body: unknown) => {
        const version = versionOf(body);
        if (version !== undefined) {
          context.switchToHttp().getResponse<ApiResponseMessage>().setHeader('ETag', `"${version}"`);
        }
        return body instanceof VersionedText ? body.text : body;
      }),
    );
  }
}

function versionOf(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  const { version, ticket } = body as { version?: unknown; ticket?: { version?: unknown } };
  const found = version ?? ticket?.version;
  return typeof found === 'number' ? found : undefined;
}
