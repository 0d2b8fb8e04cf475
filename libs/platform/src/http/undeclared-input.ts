import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DomainError } from '#contracts';
import type { ErrorDetail } from '#contracts';
import type { ApiRequest } from './project-request';

/** Which inputs a route declares; the declared ones are read and judged by the {@link DtoPipe}. */
interface DeclaredInputs {
  readonly body: boolean;
  readonly query: boolean;
}

/**
 * Refuses query parameters on routes that take none, and body fields on routes that take no body: a mistyped or misplaced name
 * must not be passed over in silence. For routes with a key; pages that a browser opens are not so strict.
 */
export class UndeclaredInput {
  private readonly declared = new WeakMap<object, DeclaredInputs>();

  /** @throws {DomainError} `validation_failed`, `unknown_field`. */
  refuse(context: ExecutionContext): void {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const { body, query } = this.inputsOf(context);
    const details = [
      ...(query ? [] : undeclared('query parameter', request.query)),
      ...(body ? [] : undeclared('body field', request.body)),
    ];
    if (details.length > 0) {
      throw new DomainError('validation_failed', details[0]?.message ?? '', { details });
    }
  }

  private inputsOf(context: ExecutionContext): DeclaredInputs {
    const handler = context.getHandler();
    const known = this.declared.get(handler);
    if (known) {
      return known;
    }
    const args = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) as object | undefined;
    const kinds = Object.keys(args ?? {}).map((key) => Number(key.split(':', 1)[0]));
    const inputs = { body: kinds.includes(RouteParamtypes.BODY), query: kinds.includes(RouteParamtypes.QUERY) };
    this.declared.set(handler, inputs);
    return inputs;
  }
}

function undeclared(what: string, given: unknown): ErrorDetail[] {
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : [];
  return names.slice(0, 20).map((name) => ({
    field: name.slice(0, 64),
    code: 'unknown_field',
    message: `There is no ${what} ${name.slice(0, 64)}: this address takes none.`,
  }));
}
