export { createHelpdeskClient } from './helpdesk-client';
export type { HelpdeskClient, HelpdeskClientOptions } from './helpdesk-client';
export type { components, operations, paths } from './generated/schema';
