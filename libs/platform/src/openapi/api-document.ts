import type { INestApplication, Type } from '@nestjs/common';
import { SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { RouteTable } from '../http/route-table';
import type { Route } from '../http/route-table';
import { completeOperation } from './complete-operation';
import type { Operation } from './operation';
import { describeInfo } from './document-info';
import { errorExamples } from './error-responses';
import { ANSWER_HEADERS, errorSchemas, REQUEST_HEADERS, SECURITY_SCHEMES } from './shared-components';
import type { Schemas } from './schema-object';
import { tidySchemas } from './tidy-schema';
import { eventClasses, webhooksOf } from './webhooks';

/** What the document depends on beside the code. */
export interface ApiDocumentOptions {
  /** Where the API is reached, without a slash at its end. */
  readonly serverUrl: string;
}

/** The API as an OpenAPI 3.1 document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string; readonly identifier: string };
  };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly schemas: Schemas } & Readonly<Record<string, object>>;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/**
 * Makes the document of all routes of an application from its controllers and DTOs. The same code gives the same document to
 * the letter.
 * @throws {Error} when a route is not described, or two classes share a name.
 */
export function describeApi(app: INestApplication, { serverUrl }: ApiDocumentOptions): ApiDocument {
  const { routes } = RouteTable.of(app);
  const controllers = new Set(routes.map(({ controller }) => controller));
  const scanned = scan(app, eventClasses(controllers));
  const schemas = { ...errorSchemas(serverUrl), ...tidySchemas((scanned.components?.schemas ?? {}) as Schemas) };
  const paths = completePaths(scanned, routes, { serverUrl, schemas });
  const webhooks = webhooksOf(controllers);
  return {
    openapi: '3.1.0',
    ...describeInfo(serverUrl, [...Object.values(paths), ...Object.values(webhooks)]),
    paths,
    webhooks: byName(webhooks),
    components: {
      schemas: byName(schemas),
      parameters: Object.fromEntries(
        Object.entries(REQUEST_HEADERS).map(([key, header]) => [key, { in: 'header', required: false, ...header }]),
      ),
      headers: ANSWER_HEADERS,
      examples: errorExamples({ serverUrl, schemas }),
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

function scan(app: INestApplication, extraModels: readonly Type[]): OpenAPIObject {
  const base = { openapi: '3.1.0', info: { title: '', version: '' } };
  return SwaggerModule.createDocument(app, base, { extraModels: [...extraModels], autoTagControllers: false });
}

function completePaths(
  { paths }: OpenAPIObject,
  routes: readonly Route[],
  sources: { readonly serverUrl: string; readonly schemas: Schemas },
): ApiDocument['paths'] {
  const completed: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const method = route.method.toLowerCase();
    const scanned = (paths[path] as Record<string, Operation> | undefined)?.[method];
    if (scanned) {
      completed[path] = { ...completed[path], [method]: completeOperation(scanned, route, sources) };
    }
  }
  return byName(Object.fromEntries(Object.entries(completed).map(([path, of]) => [path, inMethodOrder(of)])));
}

function inMethodOrder(operations: Readonly<Record<string, Operation>>): Record<string, Operation> {
  return Object.fromEntries(METHODS.flatMap((method) => (operations[method] ? [[method, operations[method]]] : [])));
}

function byName<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
