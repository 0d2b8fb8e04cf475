export { addBusinessTime, businessSecondsBetween } from './business-time/business-time';
export type { BusinessCalendar } from './business-time/business-time';
export { CountCannedResponseUse } from './canned-responses/count-canned-response-use';
export { MAX_EXCEPTIONS, MAX_WINDOWS_A_DAY, WEEKDAYS } from './domain/business-hours';
export type { BusinessException, BusinessHours, TimeWindow, Weekday } from './domain/business-hours';
export { LANGUAGES, REOPEN_POLICIES, UNANSWERED_HOURS } from './read-settings/helpdesk-settings';
export type {
  HelpdeskSettings,
  Language,
  Multilingual,
  ReopenPolicy,
  TicketSettings,
  UnansweredHours,
} from './read-settings/helpdesk-settings';
export { HelpdeskSettingsQuery } from './read-settings/helpdesk-settings.query';
export { SettingsModule } from './settings.module';
export { TicketTypeQuery } from './ticket-types/ticket-type.query';
export type { TicketTypeRef } from './ticket-types/ticket-type.query';
