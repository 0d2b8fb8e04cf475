import { applyDecorators, createParamDecorator, UseInterceptors } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { ApiRequest } from '../project-request';
import { EventStreamInterceptor } from './event-stream.interceptor';

/**
 * Makes a route an event stream (HTML Living Standard, 9.2): its handler gives an async iterable of batches of `StreamFrame`s,
 * which ends when the signal of {@link StreamSignal} does.
 */
export function EventStreamRoute({ exampleId }: { readonly exampleId: string }): MethodDecorator {
  return applyDecorators(
    UseInterceptors(EventStreamInterceptor),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description:
        'The `id` of the last message that was read: the stream goes on behind it. EventSource sends it by itself.',
      schema: { type: 'string', example: exampleId },
    }),
  );
}

/** Injects what ends the stream: the reader has left, the key may no longer be used, or the process stops. */
export const StreamSignal = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const { streamSignal } = context.switchToHttp().getRequest<ApiRequest>();
  if (!streamSignal) {
    throw new Error(`${context.getClass().name}.${context.getHandler().name} lacks @EventStreamRoute().`);
  }
  return streamSignal;
});

/** Injects the reader's `Last-Event-ID`; undefined when it has sent none, or an empty one. */
export const LastEventId = createParamDecorator((_data: unknown, context: ExecutionContext): string | undefined => {
  const id = context.switchToHttp().getRequest<ApiRequest>().headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
});
