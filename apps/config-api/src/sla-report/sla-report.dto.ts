import { DateOrTime, OneOf, readDateOrTime } from '#platform';
import { MAX_REPORT_DAYS, REPORT_GROUPINGS } from '#sla';
import type { ReportGrouping, SlaReportRequest } from '#sla';

export class SlaReportQuery {
  @DateOrTime({
    description:
      'The beginning: a time, which counts, or a date of the project’s timezone, which counts from its first moment. Default: 30 days before `to`.',
    example: '2026-11-01',
  })
  readonly from?: string;

  @DateOrTime({
    description: `The end: a time, which does not count any more, or a date of the project’s timezone, which counts to its last moment. At most ${MAX_REPORT_DAYS} days after \`from\`. Default: now.`,
    example: '2026-11-30',
  })
  readonly to?: string;

  @OneOf(REPORT_GROUPINGS, {
    description:
      'Adds `groups`: the same numbers for each agent, channel, ticket type, or day of the project’s timezone.',
    example: 'agent',
  })
  readonly group_by?: ReportGrouping;

  toRequest(): SlaReportRequest {
    const { from, to, group_by: groupBy } = this;
    return {
      from: from === undefined ? undefined : readDateOrTime(from),
      to: to === undefined ? undefined : readDateOrTime(to),
      groupBy,
    };
  }
}
