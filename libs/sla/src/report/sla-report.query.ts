import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { Clock } from '#platform';
import { AgentDirectory } from '#projects';
import { HelpdeskSettingsQuery, localDays, TicketTypeQuery } from '#settings';
import { FACTS_LEFT_SQL } from '#tickets';
import type { FactChanges, FactKey, FactKind } from '#tickets';
import { fromBytes, NO_FACTS } from './domain/day-facts';
import { ReportCount } from './domain/report-count';
import type { CountedPeriod, ReportGrouping } from './domain/report-count';
import { reportPeriod } from './domain/report-period';
import type { AskedPeriod } from './domain/report-period';
import type { ReportNumbers, Tally } from './domain/tally';

const DAY_MS = 86_400_000;

/** The most groups of a report: those with the most tickets. */
export const MAX_REPORT_GROUPS = 1_000;

/** What a report shall tell. */
export interface SlaReportRequest extends AskedPeriod {
  readonly groupBy?: ReportGrouping;
}

/** The numbers of one agent, channel, type or day. */
export interface ReportGroup extends ReportNumbers {
  /** A member's id, a channel, a type's id, or a date; null for tickets without one. */
  readonly key: string | null;
  /** The member's or the type's name as it is now. */
  readonly name: string | null;
}

/** How a project's side has done in a period. */
export interface SlaReportView extends ReportNumbers {
  readonly thresholds: { readonly firstReplyHours: number | null; readonly resolveHours: number | null };
  readonly period: { readonly from: Date; readonly to: Date };
  /** Undefined unless it was asked for. */
  readonly groups?: readonly ReportGroup[];
}

/** A row of the one statement that reads days, the keys of their codes, and what is not rolled up yet, in one snapshot. */
interface ReportRow {
  readonly day: number | null;
  readonly kind: FactKind | null;
  readonly count: number;
  readonly times: Buffer | null;
  readonly keys: Buffer | null;
  readonly amounts: Buffer;
  readonly key: FactKey | null;
  readonly changes: FactChanges | null;
}

const DAY_NUMBER = "day - date '1970-01-01'";

/** Columns are read where they are needed: those of a large project's year are some megabytes each. */
const READ = {
  name: 'sla-report',
  text: `SELECT ${DAY_NUMBER} AS day, kind, facts AS count, CASE WHEN ${DAY_NUMBER} = ANY($4::int[]) THEN times END AS times,
           CASE WHEN $5 THEN keys END AS keys, amounts, NULL::json AS key, NULL::json AS changes
         FROM report_day WHERE project_id = $1 AND day BETWEEN date '1970-01-01' + $2::int AND date '1970-01-01' + $3::int
         UNION ALL
         SELECT NULL, NULL, code, NULL, NULL, NULL,
           json_build_object('channel', channel, 'ticketTypeId', ticket_type_id, 'assignedTo', assigned_to), NULL
         FROM report_key WHERE project_id = $1 AND $5
         UNION ALL
         SELECT NULL, NULL, 0, NULL, NULL, NULL, NULL, row_to_json(f) FROM (${FACTS_LEFT_SQL}) f`,
};

/** Tells how a project's side has done: its service levels, and how long its customers waited. */
@Injectable()
export class SlaReport {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly clock: Clock,
    private readonly agents: AgentDirectory,
    private readonly types: TicketTypeQuery,
  ) {}

  /** @throws {DomainError} `validation_failed` for an impossible period. */
  async execute(scope: ProjectScope, { groupBy, ...asked }: SlaReportRequest): Promise<SlaReportView> {
    const settings = await this.uow.run(scope, (tx) => this.settings.load(tx));
    const period = reportPeriod(asked, this.clock.now(scope), settings.timezone);
    const days = groupBy === 'day' ? localDays(period.from, period.to, settings.timezone) : [];
    const count = await this.count(scope, { ...period, days }, groupBy ?? null);
    return {
      thresholds: { firstReplyHours: settings.slaFirstReplyHours, resolveHours: settings.slaResolveHours },
      period,
      ...count.total.numbers(),
      ...(groupBy && { groups: await this.groups(scope, groupBy, count.groups) }),
    };
  }

  private async count(
    scope: ProjectScope,
    period: CountedPeriod,
    groupBy: ReportGrouping | null,
  ): Promise<ReportCount> {
    const count = new ReportCount(period, groupBy);
    const rows = await this.uow.read<ReportRow>(scope, {
      ...READ,
      values: [
        scope.projectId,
        Math.floor(period.from.getTime() / DAY_MS),
        Math.floor((period.to.getTime() - 1) / DAY_MS),
        count.cutDays,
        count.needsKeys,
      ],
    });
    const keys = new Map(rows.flatMap((row) => (row.key ? [[row.count, row.key] as const] : [])));
    for (const { day, kind, count: facts, times, keys: codes, amounts, changes } of rows) {
      if (day !== null && kind !== null) {
        const columns = { times: columnOf(times), keys: columnOf(codes), amounts: fromBytes(amounts) };
        count.addDay({ day, kind, count: facts, facts: columns }, keys);
      } else if (changes !== null) {
        count.addChanges(changes);
      }
    }
    return count;
  }

  /** Days in their order, everything else by name, tickets without one last. */
  private async groups(
    scope: ProjectScope,
    groupBy: ReportGrouping,
    tallies: ReadonlyMap<string | null, Tally>,
  ): Promise<ReportGroup[]> {
    const ids = [...tallies.keys()].filter((key) => key !== null);
    const names = await this.namesOf(scope, groupBy, ids);
    const groups = [...tallies].map(([key, tally]) => ({
      key,
      name: key === null ? null : (names.get(key) ?? null),
      ...tally.numbers(),
    }));
    return groups
      .toSorted((one, other) => ticketsOf(other) - ticketsOf(one))
      .slice(0, MAX_REPORT_GROUPS)
      .toSorted(byLabel);
  }

  private async namesOf(
    scope: ProjectScope,
    groupBy: ReportGrouping,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    if (groupBy === 'agent') {
      return this.uow.run(scope, (tx) => this.agents.names(tx, ids));
    }
    return groupBy === 'ticket_type' ? this.uow.run(scope, (tx) => this.types.names(tx, ids)) : new Map();
  }
}

function ticketsOf({ tickets: { created, closed } }: ReportNumbers): number {
  return created + closed;
}

function byLabel(one: ReportGroup, other: ReportGroup): number {
  if (one.key === null || other.key === null) {
    return one.key === other.key ? 0 : one.key === null ? 1 : -1;
  }
  return (one.name ?? one.key).localeCompare(other.name ?? other.key) || (one.key < other.key ? -1 : 1);
}

function columnOf(stored: Buffer | null): Int32Array {
  return stored === null ? NO_FACTS.times : fromBytes(stored);
}
