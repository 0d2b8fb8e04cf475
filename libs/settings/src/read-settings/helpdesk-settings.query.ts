import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Tx } from '#database';

/** What a customer's message does to a closed ticket: reopen it, open a new one, or reopen it within some hours. */
export const REOPEN_POLICIES = ['same', 'new', 'same_within_hours'] as const;
export type ReopenPolicy = (typeof REOPEN_POLICIES)[number];

/** A project's settings as the ticket use cases need them. */
export interface HelpdeskSettings {
  readonly helpdeskEnabled: boolean;
  readonly reopenPolicy: ReopenPolicy;
  /** Hours after the close during which `same_within_hours` reopens. */
  readonly reopenWithinHours: number;
}

/** Reads the settings that apply to a project's side: the live project's own. */
@Injectable()
export class HelpdeskSettingsQuery {
  /** Read in the caller's transaction and never cached, so that switching the helpdesk off counts from its commit on. */
  async load(tx: Tx): Promise<HelpdeskSettings> {
    const [settings] = await tx.query<HelpdeskSettings>({
      name: 'helpdesk-settings',
      text: `SELECT helpdesk_enabled AS "helpdeskEnabled", reopen_policy AS "reopenPolicy", reopen_within_hours AS "reopenWithinHours"
             FROM helpdesk_settings WHERE project_id = $1`,
      values: [tx.scope.liveProjectId],
    });
    if (!settings) {
      throw new Error(`Project ${tx.scope.liveProjectId} has no settings row.`);
    }
    return settings;
  }

  /** @throws {DomainError} `helpdesk_disabled` when the project's helpdesk is switched off. */
  async loadEnabled(tx: Tx): Promise<HelpdeskSettings> {
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
