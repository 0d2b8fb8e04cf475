export { Clock } from './clock/clock';
export { EnvironmentError, maskedSummary, readEnvironment } from './config/environment';
export type { Environment } from './config/environment';
export { fieldsOf } from './fields/declare-field';
export type { Field, FieldOptions } from './fields/declare-field';
export {
  ChatId,
  CommaListOf,
  DateTime,
  Flag,
  Month,
  OneLine,
  OneOf,
  TagList,
  Text,
  Uuid,
  UuidList,
  UuidOr,
  WholeNumber,
  Word,
} from './fields/fields';
export { nearestName } from './fields/nearest-name';
export { checkOneLine, checkTag, isUuid } from './fields/text-checks';
export { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from './http/cursor';
export { JSON_TEXT, VersionedText } from './http/etag.interceptor';
export { IfMatch, parseIfMatch } from './http/if-match';
export { PageQuery } from './http/page.query';
export { NumberPathParam, UuidPathParam } from './http/path-params';
export type { ApiRequest, ApiResponseMessage } from './http/project-request';
export { RateLimiter, WINDOW_SECONDS } from './http/rate-limiter';
export type { RateDecision } from './http/rate-limiter';
export { RouteTable } from './http/route-table';
export type { Route } from './http/route-table';
export { JsonLogger } from './logging/json-logger';
export type { LogLevel, LogOptions } from './logging/json-logger';
export { Metrics } from './metrics/metrics';
export { DescribeRoute, ERROR_SCHEMA_REF } from './openapi/describe-route';
export type { RouteDescription } from './openapi/describe-route';
export { listOf } from './openapi/list-of';
export type { ListEnvelope } from './openapi/list-of';
export { ENVIRONMENT, PlatformModule } from './platform.module';
export { currentRequestId, runInRequest } from './request-context/request-context';
export { runMain, runServiceMain } from './run-main';
export { publicUrl, runService } from './run-service';
export type { RunningService, ServiceDefinition } from './run-service';
