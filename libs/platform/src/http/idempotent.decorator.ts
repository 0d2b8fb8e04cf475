import { UseInterceptors } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { PUBLIC_ROUTE } from './route-access';
import type { Route } from './route-table';

/**
 * Lets a POST route take an `Idempotency-Key`. Every POST carries this: see {@link assertPostsAreIdempotent}. It is not global,
 * because an interceptor costs each request of its route a layer of observables and contexts.
 */
export function Idempotent(): MethodDecorator {
  return UseInterceptors(IdempotencyInterceptor);
}

/** @throws {Error} naming the POST routes that need a key and lack {@link Idempotent}: a service must not start with them. */
export function assertPostsAreIdempotent(routes: readonly Route[]): void {
  const lacking = routes.filter((route) => route.method === 'POST' && !isPublic(route) && !isIdempotent(route));
  if (lacking.length > 0) {
    const names = lacking.map(({ controller, handler }) => `${controller.name}.${handler}`);
    throw new Error(`Every POST takes an Idempotency-Key: add @Idempotent() to ${names.join(', ')}.`);
  }
}

function isPublic(route: Route): boolean {
  const [own, controllers] = metadataOf<boolean>(route, PUBLIC_ROUTE);
  return own ?? controllers ?? false;
}

function isIdempotent(route: Route): boolean {
  const interceptors = metadataOf<unknown[]>(route, INTERCEPTORS_METADATA);
  return interceptors.some((list) => list?.includes(IdempotencyInterceptor));
}

/** What stands on the route itself, and what on its controller. */
function metadataOf<Value>({ controller, handler }: Route, key: string): [Value | undefined, Value | undefined] {
  const method = (controller.prototype as Record<string, object>)[handler] as object;
  return [method, controller].map((target) => Reflect.getMetadata(key, target) as Value | undefined) as [
    Value | undefined,
    Value | undefined,
  ];
}
