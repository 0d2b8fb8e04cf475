import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { ErrorCode } from '#contracts';
import type { DescribedPathParam, PathParamDescription } from '../http/path-params';
import { CONFIGURATION_SCOPE, PUBLIC_ROUTE, REQUIRED_SCOPES } from '../http/route-access';
import type { Route } from '../http/route-table';
import { ROUTE_DESCRIPTION } from './describe-route';
import type { RouteDescription } from './describe-route';
import { errorResponses } from './error-responses';
import type { ErrorSources } from './error-responses';
import { exampleOf } from './example-of';
import type { Operation, Parameter, Response } from './operation';
import { resolve } from './schema-object';
import type { Schema, Schemas } from './schema-object';
import { API_KEY_SCHEME } from './shared-components';
import type { AnswerHeader } from './shared-components';
import { closeBody, tidySchema } from './tidy-schema';

const ALWAYS: readonly ErrorCode[] = ['bad_request', 'internal_error', 'platform_busy'];
const WITH_KEY: readonly ErrorCode[] = [
  'validation_failed',
  'unauthorized',
  'invalid_api_key',
  'insufficient_scope',
  'rate_limit_project',
];
const WITH_BODY: readonly ErrorCode[] = ['payload_too_large', 'unsupported_media_type'];
const MAY_HAVE_BODY = ['POST', 'PUT', 'PATCH'];
const ON_CONFIGURATION: readonly ErrorCode[] = ['test_key_forbidden'];
const ON_POST: readonly ErrorCode[] = ['idempotency_conflict', 'idempotency_in_progress'];

/**
 * Adds to a scanned operation what its route brings along by itself: the parameters of its address, the headers both ways, the
 * errors of its method and of its key, and examples.
 */
export function completeOperation(operation: Operation, route: Route, sources: ErrorSources): Operation {
  const access = accessOf(route);
  const description = descriptionOf(route);
  const pathParams = pathParamsOf(route);
  const errors = [
    ...ALWAYS,
    ...(access.isPublic ? [] : WITH_KEY),
    ...(MAY_HAVE_BODY.includes(route.method) ? WITH_BODY : []),
    ...(route.method === 'POST' && !access.isPublic ? ON_POST : []),
    ...(access.scopes.includes(CONFIGURATION_SCOPE) ? ON_CONFIGURATION : []),
    ...pathParams.map(({ code }) => code),
    ...(description.errors ?? []),
  ];
  const headers = headersOf(route, access.isPublic);
  const { tags, operationId, summary } = operation;
  return {
    tags,
    operationId,
    summary,
    description: [operation.description, ...scopeNote(access.scopes)].join('\n\n'),
    security: access.isPublic ? [] : [{ [API_KEY_SCHEME]: [] }],
    parameters: parametersOf(operation, route, pathParams, access.isPublic),
    ...(operation.requestBody && { requestBody: completeBody(operation.requestBody, description, sources.schemas) }),
    responses: {
      ...mapValues(operation.responses, (response) => completeAnswer(response, description, headers, sources.schemas)),
      ...mapValues(errorResponses(errors, sources), (response) => ({
        ...response,
        headers: refsTo([...headers.always, ...response.headers]),
      })),
    },
  };
}

function descriptionOf({ method, path, controller, handler }: Route): RouteDescription {
  const prototype = controller.prototype as Record<string, object>;
  const description = Reflect.getMetadata(ROUTE_DESCRIPTION, prototype[handler] as object) as
    RouteDescription | undefined;
  if (!description) {
    throw new Error(`${method} ${path} lacks @DescribeRoute().`);
  }
  return description;
}

/** The contract tests read it back. */
function scopeNote(scopes: readonly string[]): string[] {
  return scopes.length > 0 ? [`Scope: ${scopes.map((scope) => `\`${scope}\``).join(' or ')}.`] : [];
}

function accessOf({ controller, handler }: Route): { readonly isPublic: boolean; readonly scopes: readonly string[] } {
  const targets = [(controller.prototype as Record<string, object>)[handler] as object, controller];
  const find = (key: string) =>
    targets.map((target) => Reflect.getMetadata(key, target) as unknown).find((value) => value !== undefined);
  return { isPublic: find(PUBLIC_ROUTE) === true, scopes: (find(REQUIRED_SCOPES) ?? []) as readonly string[] };
}

interface RouteArgument {
  readonly data?: unknown;
  readonly pipes?: readonly Partial<DescribedPathParam<unknown>>[];
}

function pathParamsOf({ controller, handler }: Route): (PathParamDescription & { readonly name: string })[] {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Record<string, RouteArgument>;
  return Object.values(args).flatMap(({ data, pipes = [] }) =>
    pipes.flatMap(({ describes }) => (describes ? [{ ...describes, name: String(data) }] : [])),
  );
}

function parametersOf(
  { parameters = [] }: Operation,
  { method }: Route,
  pathParams: readonly (PathParamDescription & { readonly name: string })[],
  isPublic: boolean,
): Parameter[] {
  const own = parameters.map((parameter) => {
    const described = parameter.in === 'path' ? pathParams.find(({ name }) => name === parameter.name) : undefined;
    const { examples = [], ...schema } = tidySchema(described?.schema ?? parameter.schema ?? {});
    const description = described?.description ?? parameter.description;
    return { ...parameter, description, schema, example: described?.example ?? parameter.example ?? examples[0] };
  });
  const idempotencyKey = method === 'POST' && !isPublic ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : [];
  return [...own, ...idempotencyKey, { $ref: '#/components/parameters/RequestId' }];
}

function completeBody(
  body: NonNullable<Operation['requestBody']>,
  { requests }: RouteDescription,
  schemas: Schemas,
): NonNullable<Operation['requestBody']> {
  const schema = tidySchema(body.content?.['application/json']?.schema ?? {});
  closeBody(schema, schemas);
  const examples = requests ?? {
    typical: { summary: 'A typical request', value: exampleOf(schema, schemas, 'required') },
  };
  const required = (resolve(schema, schemas).required ?? []).length > 0;
  return { required, content: { 'application/json': { schema, examples } } };
}

interface AnswerHeaders {
  readonly always: readonly AnswerHeader[];
  readonly onSuccess: readonly AnswerHeader[];
}

function headersOf({ method }: Route, isPublic: boolean): AnswerHeaders {
  return {
    always: ['X-Request-Id', ...(isPublic ? [] : (['RateLimit-Policy', 'RateLimit'] as const))],
    onSuccess: method === 'POST' && !isPublic ? ['Idempotent-Replayed'] : [],
  };
}

function completeAnswer(
  response: Response,
  { answer }: RouteDescription,
  headers: AnswerHeaders,
  schemas: Schemas,
): Response {
  if (answer.content) {
    const { type, ...content } = answer.content;
    return { ...response, headers: refsTo(headers.always), content: { [type]: content } };
  }
  const json = response.content?.['application/json'];
  const schema = json?.schema && tidySchema(json.schema);
  const etag: AnswerHeader[] = schema && carriesVersion(schema, schemas) ? ['ETag'] : [];
  return {
    ...response,
    headers: refsTo([...headers.always, ...headers.onSuccess, ...etag]),
    ...(schema && { content: { 'application/json': { schema, example: exampleOf(schema, schemas, 'all') } } }),
  };
}

/** What the ETag interceptor goes by: a `version` in the answer, or in the ticket within it. */
function carriesVersion(schema: Schema, schemas: Schemas): boolean {
  const { properties = {} } = resolve(schema, schemas);
  const ticket = properties['ticket'];
  return 'version' in properties || (ticket !== undefined && 'version' in (resolve(ticket, schemas).properties ?? {}));
}

function refsTo(names: readonly AnswerHeader[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
