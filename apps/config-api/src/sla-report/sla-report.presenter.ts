import type { ClockNumbers, CsatNumbers, ReportNumbers, SlaReportView } from '#sla';

/** The numbers of one service-level clock as the API shows them. */
export interface ClockNumbersPayload {
  readonly avg_seconds: number | null;
  readonly median_seconds: number | null;
  readonly p90_seconds: number | null;
  readonly met: number;
  readonly breached: number;
  readonly pending: number;
}

/** What customers said as the API shows it. */
export interface CsatPayload {
  readonly avg: number | null;
  readonly count: number;
  readonly asked: number;
  readonly response_rate: number | null;
  readonly distribution: CsatNumbers['distribution'];
}

/** Numbers as the API shows them. */
export interface ReportNumbersPayload {
  readonly tickets: { readonly created: number; readonly closed: number };
  readonly first_reply: ClockNumbersPayload;
  readonly resolve: ClockNumbersPayload;
  readonly csat: CsatPayload;
}

/** A group as the API shows it. */
export interface ReportGroupPayload extends ReportNumbersPayload {
  readonly key: string | null;
  readonly name: string | null;
}

/** The report as the API shows it. */
export interface SlaReportPayload extends ReportNumbersPayload {
  readonly thresholds: { readonly first_reply_hours: number | null; readonly resolve_hours: number | null };
  readonly period: { readonly from: string; readonly to: string };
  readonly groups?: readonly ReportGroupPayload[];
}

/** The report of a period. */
export function presentSlaReport({ thresholds, period, groups, ...numbers }: SlaReportView): SlaReportPayload {
  return {
    thresholds: { first_reply_hours: thresholds.firstReplyHours, resolve_hours: thresholds.resolveHours },
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    ...presentNumbers(numbers),
    ...(groups && { groups: groups.map(({ key, name, ...of }) => ({ key, name, ...presentNumbers(of) })) }),
  };
}

function presentNumbers({ tickets, firstReply, resolve, csat }: ReportNumbers): ReportNumbersPayload {
  const { avg, count, asked, responseRate, distribution } = csat;
  return {
    tickets,
    first_reply: presentClock(firstReply),
    resolve: presentClock(resolve),
    csat: { avg, count, asked, response_rate: responseRate, distribution },
  };
}

function presentClock({
  avgSeconds,
  medianSeconds,
  p90Seconds,
  met,
  breached,
  pending,
}: ClockNumbers): ClockNumbersPayload {
  return { avg_seconds: avgSeconds, median_seconds: medianSeconds, p90_seconds: p90Seconds, met, breached, pending };
}
