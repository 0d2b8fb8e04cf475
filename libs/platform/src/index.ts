export { APP_NAMES, appsOf, ownerOf, prefixesOf } from './apps/app-table';
export type { AppName } from './apps/app-table';
export { renderEventFiles } from './asyncapi/event-files';
export { Clock } from './clock/clock';
export { dataFolderPaths } from './config/data-folder';
export type { DataFolderPaths } from './config/data-folder';
export {
  ENVIRONMENT,
  EnvironmentError,
  environmentOfChild,
  maskedSummary,
  readEnvironment,
} from './config/environment';
export type { Environment } from './config/environment';
export { fieldsOf } from './fields/declare-field';
export type { Field, FieldOptions } from './fields/declare-field';
export { fault } from './fields/field-fault';
export type { FieldCheck, FieldFault } from './fields/field-fault';
export {
  ChatId,
  CommaListOf,
  DateOrTime,
  DateTime,
  Flag,
  Matching,
  Month,
  OneLine,
  OneNumberOf,
  OneOf,
  readDateOrTime,
  Structured,
  TagList,
  Text,
  Uuid,
  UuidList,
  UuidOr,
  WholeNumber,
  Word,
} from './fields/fields';
export { Multilingual, multilingualSchema } from './fields/multilingual';
export { nearestName } from './fields/nearest-name';
export { checkOneLine, checkOneOf, checkTag, checkUuid, isUuid } from './fields/text-checks';
export { checkFlag, checkWholeNumber } from './fields/value-checks';
export { bodyTooLarge, MAX_BODY_BYTES } from './http/body-reader';
export { decodeCursor, encodeCursor, MAX_CURSOR_LENGTH } from './http/cursor';
export { EventStreamRoute, LastEventId, StreamSignal } from './http/event-stream/event-stream.decorators';
export type { EventStreamSettings } from './http/event-stream/event-stream-settings';
export type { StreamFrame } from './http/event-stream/stream-frame';
export { UndeclaredInput } from './http/undeclared-input';
export { JSON_TEXT, VersionedText } from './http/versioned-text';
export { answerOf, sendError } from './http/error-body';
export { HttpDrain } from './http/http-drain';
export { Idempotent } from './http/idempotent.decorator';
export { IfMatch, parseIfMatch } from './http/if-match';
export { answerMalformedRequests } from './http/malformed-requests';
export { presentList, presentPage } from './http/list-answer';
export type { ListPage, PagePlace, PageRequest } from './http/list-answer';
export { PageQuery } from './http/page.query';
export { notThere, NumberPathParam, UuidPathParam } from './http/path-params';
export type { ApiRequest, ApiResponseMessage } from './http/project-request';
export { requestIdOf } from './http/request-id';
export { RateLimiter, WINDOW_SECONDS } from './http/rate-limiter';
export type { RateDecision } from './http/rate-limiter';
export { CONFIGURATION_SCOPE, OpenToEverybody, PUBLIC_ROUTE, REQUIRED_SCOPES } from './http/route-access';
export { RouteTable } from './http/route-table';
export type { Route } from './http/route-table';
export { choosePort, portError } from './listening-port';
export { JsonLogger } from './logging/json-logger';
export type { LogLevel, LogOptions } from './logging/json-logger';
export { Metrics } from './metrics/metrics';
export { ActorDto } from './openapi/actor.dto';
export { describeApi } from './openapi/api-document';
export { describeModules } from './openapi/describe-modules';
export { productDocument } from './openapi/product-document';
export { renderDocumentFile } from './openapi/document-file';
export type { ApiDocument, ApiDocumentOptions } from './openapi/api-document';
export { DescribeEvents } from './openapi/describe-events';
export type { DescribedEvents } from './openapi/describe-events';
export { DescribeRoute } from './openapi/describe-route';
export type { ErrorWithMembers, RequestExample, RouteDescription } from './openapi/describe-route';
export { DescribeSchema } from './openapi/describe-schema';
export type { SchemaDescription } from './openapi/describe-schema';
export { listOf } from './openapi/list-of';
export type { ListEnvelope } from './openapi/list-of';
export type { Composition } from './compose';
export { PlatformModule } from './platform.module';
export { currentRequest, currentRequestId, runInRequest } from './request-context/request-context';
export { RunsEvery } from './schedules/runs-every';
export type { ScheduledWork, ScheduleOptions } from './schedules/runs-every';
export { ScanSignal } from './schedules/scan-signal';
export { messageOf, READY, runMain, runServiceMain } from './run-main';
export { publicUrl, runService } from './run-service';
export type { RunningService, ServiceDefinition } from './run-service';
export { runTask } from './run-task';
export type { Services } from './run-task';
