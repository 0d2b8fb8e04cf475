/**
 * Every `code` that the API can answer with, and the HTTP status that belongs to it. The table is the one source for the
 * error filter, the OpenAPI document and the error page; a client switches on the code, never on the text.
 */
export const ERROR_STATUS = {
  validation_failed: 400,
  bad_request: 400,
  unauthorized: 401,
  invalid_api_key: 401,
  billing_blocked: 402,
  insufficient_scope: 403,
  test_key_forbidden: 403,
  helpdesk_disabled: 403,
  ticket_creation_disabled: 403,
  forbidden: 403,
  not_found: 404,
  ticket_not_found: 404,
  ticket_type_not_found: 404,
  subscriber_not_found: 404,
  agent_not_found: 404,
  canned_response_not_found: 404,
  routing_rule_not_found: 404,
  project_not_found: 404,
  key_not_found: 404,
  member_not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  channel_mismatch: 409,
  newer_messages: 409,
  cursor_expired: 410,
  version_mismatch: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rate_limit_project: 429,
  request_header_fields_too_large: 431,
  internal_error: 500,
  platform_busy: 503,
} as const;

/** The stable, machine-readable name of an error. */
export type ErrorCode = keyof typeof ERROR_STATUS;

/** Codes after which the same request may succeed later without a change. */
export const RETRYABLE_CODES: readonly ErrorCode[] = [
  'idempotency_in_progress',
  'rate_limit_project',
  'platform_busy',
  'internal_error',
];

/** What is wrong with one field. */
export const DETAIL_CODES = [
  'required',
  'type',
  'min',
  'max',
  'length',
  'format',
  'enum',
  'unknown_field',
  'not_found',
  'duplicate',
  'forbidden_characters',
] as const;

/** The stable name of a field's fault. */
export type DetailCode = (typeof DETAIL_CODES)[number];

/** One faulty field of a refused request; `field` is a path such as `ticket_ids[3]` or a header's name. */
export interface ErrorDetail {
  readonly field: string;
  readonly code: DetailCode;
  readonly message: string;
}
