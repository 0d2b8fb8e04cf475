import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { UnitOfWork } from '#database';
import type { Metrics } from '../metrics/metrics';
import { DtoPipe } from '../fields/dto.pipe';
import { readBody } from './body-reader';
import { ErrorFilter } from './error.filter';
import { EtagInterceptor } from './etag.interceptor';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { answerMalformedRequests } from './malformed-requests';
import { identifyRequest, refuseKeyInQuery } from './request-id';
import { logRequests, RoutePatternGuard } from './request-log';
import { RouteTable } from './route-table';
import { UndeclaredInputInterceptor } from './undeclared-input.interceptor';

/** Sets up everything between the socket and the controllers, the same for every app. Call before `app.init()`. */
export function setUpHttpEdge(app: NestExpressApplication, metrics: Metrics, publicUrl: string): void {
  let routes: RouteTable | undefined;
  const errors = new ErrorFilter(publicUrl, () => (routes ??= RouteTable.of(app)));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(identifyRequest, logRequests(metrics), securityHeaders(), refuseKeyInQuery, readBody);
  app.useGlobalFilters(errors);
  app.useGlobalGuards(new RoutePatternGuard());
  app.useGlobalPipes(new DtoPipe());
  app.useGlobalInterceptors(
    new UndeclaredInputInterceptor(),
    // Around the idempotency, so that a repeated answer has its ETag too.
    new EtagInterceptor(),
    new IdempotencyInterceptor(app.get(UnitOfWork)),
  );
  answerMalformedRequests(app.getHttpServer() as Server, publicUrl);
}

/** The API shows nothing in a browser; pages of its own (the reference) loosen this for themselves. */
function securityHeaders() {
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: false,
  });
  return (...[request, response, next]: Parameters<typeof protect>) => {
    response.setHeader('Cache-Control', 'no-store');
    protect(request, response, next);
  };
}
