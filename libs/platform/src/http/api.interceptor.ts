import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { UnitOfWork } from '#database';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { UndeclaredInput } from './undeclared-input';

/** What happens around every handler, in one: each interceptor costs every request a layer of observables and contexts. */
@Injectable()
export class ApiInterceptor implements NestInterceptor {
  private readonly undeclaredInput = new UndeclaredInput();
  private readonly idempotency: IdempotencyInterceptor;

  constructor(uow: UnitOfWork) {
    this.idempotency = new IdempotencyInterceptor(uow);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    this.undeclaredInput.refuse(context);
    return this.idempotency.intercept(context, next);
  }
}
