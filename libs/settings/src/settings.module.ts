import { Module } from '@nestjs/common';
import { CountCannedResponseUse } from './canned-responses/count-canned-response-use';
import { HelpdeskSettingsQuery } from './read-settings/helpdesk-settings.query';
import { TicketTypeQuery } from './ticket-types/ticket-type.query';

/** A project's configuration of its helpdesk. */
@Module({
  providers: [HelpdeskSettingsQuery, TicketTypeQuery, CountCannedResponseUse],
  exports: [HelpdeskSettingsQuery, TicketTypeQuery, CountCannedResponseUse],
})
export class SettingsModule {}
