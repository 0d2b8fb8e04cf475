import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { KEY_SCOPES } from '#contracts';
import type { KeyScope } from '#contracts';
import { PUBLIC_ROUTE, REQUIRED_SCOPES, RouteTable } from '#platform';
import type { Route } from '#platform';
import { ProjectApiGuard } from '../../../libs/projects/src/authenticate/project-api.guard';
import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

/** Files of the reference page, which are no operations of the API. */
const NOT_DOCUMENTED = ['GET /docs/assets/{name}'];

/** Open to everybody on purpose. */
const PUBLIC = ['GET /docs', 'GET /docs/assets/{name}', 'GET /docs/errors', 'GET /llms.txt', 'GET /openapi.json'];

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path.replace(/:(\w+)/g, '{$1}')}`;

/** What decorators have noted on the route and on its controller, the route's own first. */
function metadataOf({ controller, handler }: Route, key: string): unknown[] {
  const method = (controller.prototype as Record<string, object>)[handler] as object;
  return [method, controller]
    .map((target) => Reflect.getMetadata(key, target) as unknown)
    .filter((value) => value !== undefined);
}

/** Of which scopes a key needs one; fails for a route without any. */
function scopesOf(route: Route): readonly KeyScope[] {
  const [scopes = []] = metadataOf(route, REQUIRED_SCOPES) as (readonly KeyScope[])[];
  expect([nameOf(route), scopes.length]).not.toEqual([nameOf(route), 0]);
  return scopes;
}

interface ExpressLayer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

describe('the routes of the running service', () => {
  let service: TestService;
  let routes: readonly Route[];

  beforeAll(async () => {
    service = await startTestService({ env: { PUBLIC_URL: 'http://localhost:3000' } });
    routes = RouteTable.of(service.service.app).routes;
  });
  afterAll(() => service.close());

  it('are the operations of the API document, no more and no fewer', () => {
    const documented = operationsOf(API_DOCUMENT).map(nameOf);
    expect(routes.map(nameOf).toSorted()).toEqual([...documented, ...NOT_DOCUMENTED].toSorted());
  });

  it('are what the router answers to', () => {
    const { router } = service.service.app.getHttpAdapter().getInstance() as {
      router: { stack: readonly ExpressLayer[] };
    };
    const registered = router.stack.flatMap(({ route }) =>
      route
        ? Object.keys(route.methods).map((method) => nameOf({ method: method.toUpperCase(), path: route.path }))
        : [],
    );
    expect(registered.toSorted()).toEqual(routes.map(nameOf).toSorted());
  });

  it('need a key each, unless they are open on purpose', () => {
    const open = routes.filter((route) => metadataOf(route, PUBLIC_ROUTE)[0] === true);
    expect(open.map(nameOf).toSorted()).toEqual(PUBLIC);
    for (const route of routes.filter((one) => !open.includes(one))) {
      const scopes = scopesOf(route);
      const guards = metadataOf(route, GUARDS_METADATA).flat();
      expect([
        nameOf(route),
        scopes.every((scope) => KEY_SCOPES.includes(scope)),
        guards.includes(ProjectApiGuard),
      ]).toEqual([nameOf(route), true, true]);
    }
  });

  it('have the same scopes in the document and in the guard', () => {
    for (const route of routes.filter((one) => metadataOf(one, REQUIRED_SCOPES).length > 0)) {
      const { operation } = operationsOf(API_DOCUMENT).find((one) => nameOf(one) === nameOf(route)) ?? {};
      expect(operation?.description).toContain(
        `Scope: ${scopesOf(route)
          .map((scope) => `\`${scope}\``)
          .join(' or ')}.`,
      );
      expect(operation?.security).toEqual([{ apiKey: [] }]);
    }
  });

  it('are described by the service itself as in the committed document', async () => {
    const answer = await fetch(`${service.url}/openapi.json`);
    const { 'x-generated': _note, ...committed } = API_DOCUMENT as typeof API_DOCUMENT & { 'x-generated': string };
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(committed);
  });
});
