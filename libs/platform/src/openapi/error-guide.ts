import type { ErrorCode } from '#contracts';

/** What the documents say of one error code. */
export interface ErrorGuide {
  /** What has happened, as one sentence. */
  readonly meaning: string;
  /** What the caller does about it. */
  readonly remedy: string;
}

const LIST_IT = (what: string, path: string): ErrorGuide => ({
  meaning: `There is no ${what} with this id in the key’s project.`,
  remedy: `Check the id: \`GET ${path}\` lists what there is. An id of another project or of the other side answers the same.`,
});

/** Explains every code of the API: in the API document, and on the page that `docs_url` leads to. */
export const ERROR_GUIDE: Readonly<Record<ErrorCode, ErrorGuide>> = {
  validation_failed: {
    meaning: 'A field, a query parameter or a header is missing, malformed or unknown.',
    remedy: 'Correct what `details` names; each entry has the field, a stable code and a sentence. Then send it again.',
  },
  bad_request: {
    meaning: 'The request is not well-formed HTTP, or its address or body is broken off.',
    remedy: 'Check how the client builds the address and sends the body.',
  },
  unauthorized: {
    meaning: 'The request carries no API key, or carries it in the address.',
    remedy: 'Send the key as the header `Authorization: Bearer <key>` and nowhere else.',
  },
  invalid_api_key: {
    meaning: 'The API key is malformed, unknown, revoked or expired.',
    remedy: 'Compare it with the key that was shown when it was issued, or issue a new one.',
  },
  billing_blocked: {
    meaning: 'The project’s quota of replies for this month is used up.',
    remedy: 'Raise the quota or wait for the next month. Notes and replies to virtual customers go on.',
  },
  insufficient_scope: {
    meaning: 'The API key is valid, but lacks the scope that this operation needs.',
    remedy: 'Use or issue a key with the scope that the message names.',
  },
  test_key_forbidden: {
    meaning: 'A test key may not do this: the configuration belongs to the live side.',
    remedy: 'Use a live key.',
  },
  helpdesk_disabled: {
    meaning: 'The project’s helpdesk is switched off, so tickets can be read but not changed.',
    remedy: 'Set `helpdesk_enabled` in the project’s settings to true.',
  },
  ticket_creation_disabled: {
    meaning: 'The project does not let customers open tickets by themselves.',
    remedy: 'Set `helpdesk_allow_create` in the project’s settings to true.',
  },
  forbidden: {
    meaning: 'The member’s role does not allow this.',
    remedy: 'Ask an owner or admin of the project.',
  },
  not_found: {
    meaning: 'There is nothing at this address.',
    remedy: 'Compare method and path with `GET /openapi.json`.',
  },
  ticket_not_found: LIST_IT('ticket', '/v1/helpdesk/tickets'),
  ticket_type_not_found: LIST_IT('ticket type', '/v1/helpdesk/ticket-types/config'),
  subscriber_not_found: LIST_IT('subscriber', '/v1/helpdesk/subscribers'),
  agent_not_found: LIST_IT('agent', '/v1/helpdesk/agents'),
  canned_response_not_found: LIST_IT('canned response', '/v1/helpdesk/canned-responses'),
  routing_rule_not_found: LIST_IT('routing rule', '/v1/helpdesk/routing-rules'),
  project_not_found: {
    meaning: 'There is no project with this name or id.',
    remedy: 'List the projects of the installation: `npx helpdesk project list`.',
  },
  key_not_found: {
    meaning: 'There is no API key with this id.',
    remedy: 'List the project’s keys: `npx helpdesk key list`.',
  },
  member_not_found: {
    meaning: 'There is no member with this id.',
    remedy: 'List the project’s members: `npx helpdesk member list`.',
  },
  method_not_allowed: {
    meaning: 'The address exists, but not for this method.',
    remedy: 'Use one of the methods that the `Allow` header names.',
  },
  conflict: {
    meaning:
      'The request does not fit what is there: somebody else was faster, a name is taken, or the ticket is not in a state for it.',
    remedy: 'Look at `current`, the object as it is now, where the answer has it, or choose another name.',
  },
  idempotency_conflict: {
    meaning: 'This `Idempotency-Key` was used for another request within the last 24 hours.',
    remedy: 'Use a new key for a new request, and the same key only for the very same one.',
  },
  idempotency_in_progress: {
    meaning: 'The first request with this `Idempotency-Key` is still being worked on.',
    remedy: 'Repeat the request after `Retry-After` seconds.',
  },
  channel_mismatch: {
    meaning: 'This works for virtual customers only, and the ticket’s customer is on a messenger.',
    remedy: 'Let the customer write in the messenger.',
  },
  newer_messages: {
    meaning: 'Messages have arrived since the one that `if_last_message_id` names.',
    remedy: 'Read `messages`, then reply with the id of the last of them.',
  },
  cursor_expired: {
    meaning: 'The position lies before the oldest event that is still kept.',
    remedy: 'Begin again without `after` and fetch the present state of what matters.',
  },
  version_mismatch: {
    meaning: 'The ticket has changed since the version that `If-Match` names.',
    remedy: 'Look at `current`, the ticket as it is now, and send the change again with its version.',
  },
  payload_too_large: {
    meaning: 'The body is larger than 256 KiB.',
    remedy: 'Send less at once.',
  },
  unsupported_media_type: {
    meaning: 'The body is not declared as JSON.',
    remedy: 'Send the header `Content-Type: application/json`, and no `Content-Encoding`.',
  },
  rate_limit_project: {
    meaning: 'The project has used up its requests for this minute.',
    remedy: 'Wait `Retry-After` seconds. The `RateLimit` header of every answer says how many are left.',
  },
  request_header_fields_too_large: {
    meaning: 'The headers are larger than the server reads.',
    remedy: 'Send fewer or shorter headers.',
  },
  internal_error: {
    meaning: 'Something went wrong on the server’s side.',
    remedy: 'Try again later. Give the `request_id` to whoever runs the installation: it finds the reason in the log.',
  },
  platform_busy: {
    meaning: 'The service cannot take the request right now: it is overloaded or restarting.',
    remedy: 'Repeat the request after `Retry-After` seconds; with an `Idempotency-Key` that is safe for POST too.',
  },
};
