import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { lastValueFrom, of } from 'rxjs';
import type { Observable } from 'rxjs';
import { DomainError, fieldError } from '#contracts';
import { faultPoint, UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { claimKey, storeAnswer } from './idempotency-key.store';
import type { IdempotentRequest, StoredAnswer } from './idempotency-key.store';
import type { ApiRequest, ApiResponseMessage } from './project-request';

const KEY = /^[A-Za-z0-9_-]{8,128}$/;
const LOCK_NOT_AVAILABLE = '55P03';

/** What an outer transaction came to: an answer to store and give, or one that was stored before. */
type Outcome = { readonly fresh: unknown } | { readonly stored: StoredAnswer };

/**
 * `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the key is claimed, the handler runs and the answer is
 * stored in one transaction, so a repeat finds either nothing or the whole. A parallel repeat waits at the key for some seconds.
 * A refused request stores nothing: nothing happened, and a repeat may try again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly uow: UnitOfWork) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || request.method !== 'POST' || !request.projectScope) {
      return next.handle();
    }
    return this.once(context, request.projectScope, identify(request, key), next);
  }

  private async once(
    context: ExecutionContext,
    scope: ProjectScope,
    identity: IdempotentRequest,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const response = context.switchToHttp().getResponse<ApiResponseMessage>();
    const outcome = await this.run(scope, identity, next, response).catch((error: unknown) => {
      throw isLockTimeout(error) ? inProgress() : error;
    });
    faultPoint('idempotency.afterCommit');
    if ('fresh' in outcome) {
      return of(outcome.fresh);
    }
    response.statusCode = outcome.stored.status;
    response.setHeader('Idempotent-Replayed', 'true');
    return of(JSON.parse(outcome.stored.body) as unknown);
  }

  private async run(
    scope: ProjectScope,
    identity: IdempotentRequest,
    next: CallHandler,
    response: ApiResponseMessage,
  ): Promise<Outcome> {
    return this.uow.runShared(scope, async (tx): Promise<Outcome> => {
      const stored = await claimKey(tx, identity);
      if (stored) {
        return { stored };
      }
      const fresh: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
      faultPoint('idempotency.beforeAnswer');
      await storeAnswer(tx, identity, { status: response.statusCode, body: JSON.stringify(fresh) });
      faultPoint('idempotency.afterAnswer');
      return { fresh };
    });
  }
}

function identify(request: ApiRequest, key: string | string[]): IdempotentRequest {
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw fieldError(
      'Idempotency-Key',
      'format',
      'Idempotency-Key must have 8 to 128 characters of A-Z, a-z, 0-9, _ and -.',
    );
  }
  const { path, query } = addressOf(request.url ?? '');
  const fingerprint = createHash('sha256')
    .update(query)
    .update('\n')
    .update(request.rawBody ?? '')
    .digest();
  return { method: request.method ?? 'POST', path, key, fingerprint };
}

/** The router takes addresses that differ in case or a last slash for one; so does this. */
function addressOf(url: string): { readonly path: string; readonly query: string } {
  const [path = ''] = url.split('?', 1);
  return { path: path.toLowerCase().replace(/\/+$/, ''), query: url.slice(path.length) };
}

function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE;
}

function inProgress(): DomainError {
  return new DomainError(
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still being worked on. Ask again in a second.',
    { retryAfterSeconds: 1 },
  );
}
