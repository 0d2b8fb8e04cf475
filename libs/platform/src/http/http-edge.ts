import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Metrics } from '../metrics/metrics';
import { DtoPipe } from '../fields/dto.pipe';
import { readBody } from './body-reader';
import { ErrorFilter } from './error.filter';
import { assertPostsAreIdempotent } from './idempotent.decorator';
import { inOrder } from './in-order';
import { answerMalformedRequests, refuseWithoutHost } from './malformed-requests';
import { identifyRequest, refuseKeyInQuery } from './request-id';
import { logRequests, RoutePatternGuard } from './request-log';
import { RouteTable } from './route-table';
import { securityHeaders } from './security-headers';

/** Sets up everything between the socket and the controllers, the same for every app. Call before `app.init()`. */
export function setUpHttpEdge(app: NestExpressApplication, metrics: Metrics, publicUrl: string): void {
  let routes: RouteTable | undefined;
  const errors = new ErrorFilter(publicUrl, () => (routes ??= RouteTable.of(app)));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(
    inOrder(identifyRequest, logRequests(metrics), securityHeaders(), refuseWithoutHost, refuseKeyInQuery, readBody),
  );
  app.useGlobalFilters(errors);
  app.useGlobalGuards(new RoutePatternGuard());
  app.useGlobalPipes(new DtoPipe());
  assertPostsAreIdempotent(RouteTable.of(app).routes);
  answerMalformedRequests(app.getHttpServer() as Server, publicUrl);
}
