import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Statement, Tx } from '#database';
import type { HelpdeskSettings, TicketSettings } from './helpdesk-settings';
import { selectSettings, SETTINGS_COLUMNS } from './settings-columns';

const FOR_TICKETS = {
  name: 'ticket-settings',
  text: `SELECT ${selectSettings([
    'helpdeskEnabled',
    'reopenPolicy',
    'reopenWithinHours',
    'helpdeskUnansweredHours',
    'slaFirstReplyHours',
    'slaResolveHours',
    'timezone',
    'slaChangedAt',
    'csatEnabled',
    'csatExpireDays',
  ])}, CASE WHEN coalesce(sla_first_reply_hours, sla_resolve_hours) IS NOT NULL THEN business_hours END AS "businessHours"
         FROM helpdesk_settings WHERE project_id = $1`,
};

const WHOLE = {
  name: 'helpdesk-settings',
  text: `SELECT ${selectSettings(Object.keys(SETTINGS_COLUMNS) as Array<keyof HelpdeskSettings>)}
         FROM helpdesk_settings WHERE project_id = $1`,
};

/**
 * Reads the settings that apply to a project's side: the live project's own. Read in the caller's transaction and never cached, so
 * that switching the helpdesk off counts from its commit on.
 */
@Injectable()
export class HelpdeskSettingsQuery {
  /** What a change of a ticket needs, and no more: the whole can be some kilobytes of texts and hours. */
  async load(tx: Tx): Promise<TicketSettings> {
    return read<TicketSettings>(tx, FOR_TICKETS);
  }

  /** All settings. */
  async loadWhole(tx: Tx): Promise<HelpdeskSettings> {
    return read<HelpdeskSettings>(tx, WHOLE);
  }

  /**
   * Like {@link load}.
   * @throws {DomainError} `helpdesk_disabled` when the project's helpdesk is switched off.
   */
  async loadEnabled(tx: Tx): Promise<TicketSettings> {
    const settings = await this.load(tx);
    if (!settings.helpdeskEnabled) {
      throw new DomainError(
        'helpdesk_disabled',
        'The helpdesk of this project is switched off. Switch it on with PUT /v1/helpdesk/settings {"helpdesk_enabled": true}.',
      );
    }
    return settings;
  }
}

async function read<Settings>(tx: Tx, statement: Statement): Promise<Settings> {
  const { liveProjectId } = tx.scope;
  const [settings] = await tx.query<Settings>({ ...statement, values: [liveProjectId] });
  if (!settings) {
    throw new Error(`Project ${liveProjectId} has no settings row.`);
  }
  return settings;
}
