import { Logger } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import type { Metrics } from '../metrics/metrics';
import { currentRequest } from '../request-context/request-context';
import type { ApiRequest, ApiResponseMessage } from './project-request';
import { traceIdOf } from './traceparent';

/** Writes one log line and one metric per request, when its answer has gone out or its caller has gone away. */
export function logRequests(metrics: Metrics) {
  const logger = new Logger('http');
  return (request: ApiRequest, response: ApiResponseMessage, next: () => void): void => {
    const begin = process.hrtime.bigint();
    const traceparent = currentRequest()?.traceparent;
    response.once('close', () => {
      const ms = Number(process.hrtime.bigint() - begin) / 1e6;
      const route = request.routePattern ?? 'none';
      const isStream = request.streamSignal !== undefined && response.headersSent;
      // A stream is read as long as its reader likes: leaving is its end, and its length is nobody's waiting.
      const status = response.writableFinished || isStream ? response.statusCode : 499;
      if (!isStream) {
        metrics.observeRequest(request.method ?? '', route, status, ms / 1000);
      }
      logger.log({
        event: 'http.request',
        method: request.method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        request_id: request.requestId,
        trace_id: traceparent && traceIdOf(traceparent),
        project_id: request.projectScope?.projectId,
        key_id: request.keyId,
      });
    });
    next();
  };
}

/** Notes the route's pattern, which stands for all its addresses in log and metrics. */
export class RoutePatternGuard implements CanActivate {
  private readonly patterns = new WeakMap<object, string>();

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let pattern = this.patterns.get(handler);
    if (pattern === undefined) {
      pattern = patternOf(context);
      this.patterns.set(handler, pattern);
    }
    context.switchToHttp().getRequest<ApiRequest>().routePattern = pattern;
    return true;
  }
}

function patternOf(context: ExecutionContext): string {
  const base = String(Reflect.getMetadata(PATH_METADATA, context.getClass()));
  const path = String(Reflect.getMetadata(PATH_METADATA, context.getHandler()));
  return `/${base}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
