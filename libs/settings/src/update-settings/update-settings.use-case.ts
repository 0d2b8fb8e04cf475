import { Injectable } from '@nestjs/common';
import type { Actor } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock, currentRequestId, ScanSignal } from '#platform';
import { changedFields } from '../config-history/config-change';
import { ConfigHistory } from '../config-history/config-history';
import { lockConfiguration } from '../lock-configuration';
import type { HelpdeskSettings } from '../read-settings/helpdesk-settings';
import { HelpdeskSettingsQuery } from '../read-settings/helpdesk-settings.query';
import { SETTING_NAMES, SETTINGS_COLUMNS } from '../read-settings/settings-columns';

/** The settings that can be set; what is undefined stays as it is. */
export type SettingsChanges = Partial<Omit<HelpdeskSettings, 'slaChangedAt' | 'updatedAt'>>;

/** What due times are computed from. */
const OF_SLA_CLOCKS: ReadonlySet<string | null> = new Set([
  SETTINGS_COLUMNS.slaFirstReplyHours,
  SETTINGS_COLUMNS.slaResolveHours,
  SETTINGS_COLUMNS.timezone,
  SETTINGS_COLUMNS.businessHours,
]);

const COLUMNS = Object.values(SETTINGS_COLUMNS).join(', ');

/** Changes a project's settings: the given ones, in one step. */
@Injectable()
export class UpdateSettings {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly history: ConfigHistory,
    private readonly clock: Clock,
    private readonly scans: ScanSignal,
  ) {}

  /** Answers all settings as they are afterwards. What is set to what it is already changes nothing. */
  async execute(scope: ProjectScope, actor: Actor, given: SettingsChanges): Promise<HelpdeskSettings> {
    return this.uow.run(scope, async (tx) => {
      await lockConfiguration(tx);
      const before = await this.settings.loadWhole(tx);
      const wanted = { ...before, ...withoutUndefined(given) };
      const changes = changedFields(before, wanted, SETTING_NAMES);
      if (changes.length === 0) {
        return before;
      }
      const at = this.clock.now(scope);
      const ofSla = changes.some(({ field }) => OF_SLA_CLOCKS.has(field));
      const after = {
        ...wanted,
        updatedAt: at,
        slaChangedAt: ofSla ? laterThan(before.slaChangedAt, at) : before.slaChangedAt,
      };
      await store(tx, after);
      const object = { type: 'settings', id: scope.liveProjectId } as const;
      await this.history.record(tx, object, { actor, at, requestId: currentRequestId() }, changes);
      // Most of what scans look for hangs on a setting, if only on whether the helpdesk is on.
      await this.scans.raise(tx);
      return after;
    });
  }
}

/** Two changes within one millisecond, or after the server's clock was set back, still have times of their own. */
function laterThan(before: Date | null, now: Date): Date {
  return before && before >= now ? new Date(before.getTime() + 1) : now;
}

async function store(tx: Tx, settings: HelpdeskSettings): Promise<void> {
  const names = Object.entries(SETTINGS_COLUMNS) as Array<[keyof HelpdeskSettings, string]>;
  const row = Object.fromEntries(names.map(([name, column]) => [column, settings[name]]));
  await tx.query({
    name: 'helpdesk-settings-update',
    text: `UPDATE helpdesk_settings SET (${COLUMNS}) =
             (SELECT ${COLUMNS} FROM json_populate_record(NULL::helpdesk_settings, $2::json))
           WHERE project_id = $1`,
    values: [tx.scope.liveProjectId, JSON.stringify(row)],
  });
}

function withoutUndefined(given: SettingsChanges): SettingsChanges {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
