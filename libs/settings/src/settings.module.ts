import { Module } from '@nestjs/common';
import { CannedResponseQuery } from './canned-responses/canned-response.query';
import { CountCannedResponseUse } from './canned-responses/count-canned-response-use';
import { EditCannedResponses } from './canned-responses/edit-canned-responses.use-case';
import { ConfigHistory } from './config-history/config-history';
import { ConfigHistoryQuery } from './config-history/config-history.query';
import { ConfigurationObjects } from './configuration-objects/configuration-objects';
import { HelpdeskSettingsQuery } from './read-settings/helpdesk-settings.query';
import { EditTicketTypes } from './ticket-types/edit-ticket-types.use-case';
import { ListTicketTypes } from './ticket-types/list-ticket-types.query';
import { TicketTypeQuery } from './ticket-types/ticket-type.query';
import { UpdateSettings } from './update-settings/update-settings.use-case';

const USE_CASES = [
  CannedResponseQuery,
  ConfigHistory,
  ConfigHistoryQuery,
  ConfigurationObjects,
  CountCannedResponseUse,
  EditCannedResponses,
  EditTicketTypes,
  HelpdeskSettingsQuery,
  ListTicketTypes,
  TicketTypeQuery,
  UpdateSettings,
];

/** A project's configuration of its helpdesk. */
@Module({ providers: USE_CASES, exports: USE_CASES })
export class SettingsModule {}
