export { addBusinessTime, businessSecondsBetween } from './business-time/business-time';
export type { BusinessCalendar } from './business-time/business-time';
export { localDays, startOfLocalDay } from './business-time/local-days';
export type { LocalDay } from './business-time/local-days';
export type { CannedResponse } from './canned-responses/canned-response';
export { CannedResponseQuery } from './canned-responses/canned-response.query';
export { CountCannedResponseUse } from './canned-responses/count-canned-response-use';
export { changedFields, CONFIG_OBJECT_TYPES, fieldsByName } from './config-history/config-change';
export type { ConfigCause, ConfigChange, ConfigObject, ConfigObjectType } from './config-history/config-change';
export { ConfigHistory } from './config-history/config-history';
export { ConfigHistoryQuery } from './config-history/config-history.query';
export type { ConfigHistoryItem, ConfigHistoryRequest } from './config-history/config-history.query';
export { EditCannedResponses } from './canned-responses/edit-canned-responses.use-case';
export type { CannedResponseFields } from './canned-responses/edit-canned-responses.use-case';
export { selectFields } from './configuration-objects/configuration-kind';
export type { ConfigurationKind, ConfigurationRow } from './configuration-objects/configuration-kind';
export { ConfigurationObjects } from './configuration-objects/configuration-objects';
export type { Admission, NewFields, ObjectCommand } from './configuration-objects/configuration-objects';
export { readConfigurationPage } from './configuration-page';
export type { ConfigurationList, ConfigurationPage, ConfigurationPageRequest } from './configuration-page';
export { MAX_EXCEPTIONS, MAX_WINDOWS_A_DAY, WEEKDAYS } from './domain/business-hours';
export type { BusinessException, BusinessHours, TimeWindow, Weekday } from './domain/business-hours';
export { CANNED_VARIABLES, fillVariables } from './domain/canned-variables';
export type { CannedValues, CannedVariable } from './domain/canned-variables';
export { checkBusinessHours, readBusinessHours } from './domain/check-business-hours';
export { checkTimezone, MAX_TIMEZONE_LENGTH } from './domain/check-timezone';
export { lockConfiguration } from './lock-configuration';
export { REOPEN_POLICIES, UNANSWERED_HOURS } from './read-settings/helpdesk-settings';
export type {
  HelpdeskSettings,
  ReopenPolicy,
  CsatSettings,
  SlaSettings,
  TicketSettings,
  UnansweredHours,
} from './read-settings/helpdesk-settings';
export { HelpdeskSettingsQuery } from './read-settings/helpdesk-settings.query';
export { SettingsModule } from './settings.module';
export { EditTicketTypes } from './ticket-types/edit-ticket-types.use-case';
export { ListTicketTypes } from './ticket-types/list-ticket-types.query';
export type { TicketType } from './ticket-types/ticket-type';
export { TicketTypeQuery } from './ticket-types/ticket-type.query';
export type { TicketTypeRef } from './ticket-types/ticket-type.query';
export { UpdateSettings } from './update-settings/update-settings.use-case';
export type { SettingsChanges } from './update-settings/update-settings.use-case';
