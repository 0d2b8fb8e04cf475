import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ApiRequest, ApiResponseMessage } from '../project-request';
import { EventStreams } from './event-streams';
import type { StreamFrame } from './stream-frame';

/** Nothing between the service and the reader may keep the stream, gather it or pack it. */
const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Sends the batches of frames that a handler gives as an event stream. */
@Injectable()
export class EventStreamInterceptor implements NestInterceptor {
  constructor(private readonly streams: EventStreams) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<ApiRequest>(), http.getResponse<ApiResponseMessage>()];
    const ending = new AbortController();
    request.streamSignal = ending.signal;
    return next.handle().pipe(
      map((source: AsyncIterable<readonly StreamFrame[]>) => {
        const stream = this.streams.start(source, { request, response, ending });
        Object.entries(HEADERS).forEach(([name, value]) => response.setHeader(name, value));
        return stream;
      }),
    );
  }
}
