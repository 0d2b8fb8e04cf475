export { CountCannedResponseUse } from './canned-responses/count-canned-response-use';
export { HelpdeskSettingsQuery, REOPEN_POLICIES } from './read-settings/helpdesk-settings.query';
export type { HelpdeskSettings, ReopenPolicy } from './read-settings/helpdesk-settings.query';
export { SettingsModule } from './settings.module';
export { TicketTypeQuery } from './ticket-types/ticket-type.query';
export type { TicketTypeRef } from './ticket-types/ticket-type.query';
