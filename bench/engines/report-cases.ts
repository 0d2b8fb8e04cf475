import { withClient } from '../database/bench-databases';
import { HttpConnection } from '../loader/http-connection';
import type { HttpAddress } from '../loader/http-connection';
import { closedLoop } from '../loader/loops';
import type { Measurement } from '../loader/latencies';
import { httpRequest } from '../product/requests';
import { REPORTS } from '../report/goals';
import type { BenchProject } from '../workload';
import type { EngineCase } from './engine-case';

const DAY_MS = 86_400_000;
const DAYS = 366;

/** The numbers of the whole report, of the tickets themselves. */
const COUNT_TICKETS = `
  SELECT count(*) FILTER (WHERE created_at >= $2) AS created, count(*) FILTER (WHERE closed_at >= $2) AS closed,
    round(avg(extract(epoch FROM first_reply_at - first_customer_message_at)) FILTER (WHERE first_reply_at >= $2)) AS reply_avg,
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY floor(extract(epoch FROM first_reply_at - first_customer_message_at)))
      FILTER (WHERE first_reply_at >= $2) AS reply_quantiles,
    round(avg(extract(epoch FROM closed_at - created_at)) FILTER (WHERE closed_at >= $2)) AS resolve_avg,
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY floor(extract(epoch FROM closed_at - created_at)))
      FILTER (WHERE closed_at >= $2) AS resolve_quantiles,
    count(*) FILTER (WHERE sla_first_reply_status = 'met' AND first_reply_at >= $2) AS reply_met,
    count(*) FILTER (WHERE sla_first_reply_status = 'breached' AND sla_first_reply_due_at >= $2) AS reply_breached,
    count(*) FILTER (WHERE sla_resolve_status = 'met' AND closed_at >= $2) AS resolve_met,
    count(*) FILTER (WHERE sla_resolve_status = 'breached' AND sla_resolve_due_at >= $2) AS resolve_breached
  FROM ticket WHERE project_id = $1`;

/** What is measured. */
export interface ReportSubject {
  readonly address: HttpAddress;
  readonly databaseUrl: string;
  readonly project: BenchProject;
  readonly seconds: number;
}

/** The report over the loaded year, whole and grouped, as one caller gets it. */
export function reportCases(subject: ReportSubject): readonly EngineCase[] {
  const database = () => countByHand(subject);
  return REPORTS.map((load): EngineCase => {
    const isWhole = load === 'whole';
    const product = () => askForReport(subject, isWhole ? '' : `&group_by=${load.replace('by ', '')}`);
    return {
      name: 'report',
      title: 'report over a year',
      load,
      targets: { product, ...(isWhole && { database }) },
    };
  });
}

async function askForReport({ address, project, seconds }: ReportSubject, grouping: string): Promise<Measurement> {
  const connection = await HttpConnection.open(address);
  const path = `/v1/helpdesk/sla?from=${dayBefore(DAYS)}&to=${dayBefore(0)}${grouping}`;
  const request = httpRequest('GET', path, { key: project.key });
  const figures = await closedLoop([async () => (await connection.send(request)).status === 200], seconds);
  connection.close();
  return figures;
}

async function countByHand({ databaseUrl, project, seconds }: ReportSubject): Promise<Measurement> {
  return withClient(databaseUrl, (client) =>
    closedLoop(
      [
        async () => {
          const values = [project.projectId, dayBefore(DAYS)];
          return (await client.query({ name: 'bench-report', text: COUNT_TICKETS, values })).rowCount === 1;
        },
      ],
      seconds,
    ),
  );
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}
