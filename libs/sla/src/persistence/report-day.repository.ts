import { Injectable } from '@nestjs/common';
import type { WorkerTx } from '#database';
import type { FactKey, FactKind } from '#tickets';
import { fromBytes, keyName, NO_FACTS, toBytes } from '../report/domain/day-facts';
import type { DayFacts } from '../report/domain/day-facts';

/** Which facts lie together: those of one kind of one day, counted from 1970-01-01 in UTC. */
export interface DayName {
  readonly day: number;
  readonly kind: FactKind;
}

/** First half of the advisory locks under which the days of a side are changed. */
const LOCK_NAMESPACE = 1_346_853;

const DAY = "date '1970-01-01' + n.day";

/** The one writer of the days of reports, and of the codes in them. Works as the worker, so every statement names the project. */
@Injectable()
export class ReportDayRepository {
  /** Whether this transaction may change the days of the side; at most one may, and nobody waits for it. */
  async tryLock(tx: WorkerTx, projectId: string): Promise<boolean> {
    const [row] = await tx.query<{ mine: boolean }>({
      name: 'report-lock',
      text: 'SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS mine',
      values: [LOCK_NAMESPACE, projectId],
    });
    return row?.mine ?? false;
  }

  /** The codes of these keys, by their names; new ones are made for keys that have none. */
  async codesOf(tx: WorkerTx, projectId: string, keys: readonly FactKey[]): Promise<ReadonlyMap<string, number>> {
    const known = await tx.query<FactKey & { readonly code: number }>({
      name: 'report-keys',
      text: `SELECT code, channel, ticket_type_id AS "ticketTypeId", assigned_to AS "assignedTo"
             FROM report_key WHERE project_id = $1`,
      values: [projectId],
    });
    const codes = new Map(known.map((key) => [keyName(key), key.code]));
    const missing = [...new Map(keys.map((key) => [keyName(key), key])).values()].filter(
      (key) => !codes.has(keyName(key)),
    );
    const added = missing.map((key, index) => ({ ...key, code: known.length + index }));
    if (added.length > 0) {
      await tx.query({
        name: 'report-keys-add',
        text: `INSERT INTO report_key (project_id, code, channel, ticket_type_id, assigned_to)
               SELECT $1, code, channel, "ticketTypeId", "assignedTo" FROM json_to_recordset($2)
                 AS n (code integer, channel text, "ticketTypeId" uuid, "assignedTo" uuid)`,
        values: [projectId, JSON.stringify(added)],
      });
    }
    return new Map([...codes, ...added.map((key) => [keyName(key), key.code] as const)]);
  }

  /** The facts of some days, in the order in which they are named; none where nothing is stored. */
  async load(tx: WorkerTx, projectId: string, names: readonly DayName[]): Promise<DayFacts[]> {
    const rows = await tx.query<{ place: number; times: Buffer; keys: Buffer; amounts: Buffer }>({
      name: 'report-days',
      text: `SELECT n.place::int, d.times, d.keys, d.amounts
             FROM unnest($2::int[], $3::text[]) WITH ORDINALITY n (day, kind, place)
             JOIN report_day d ON d.project_id = $1 AND d.day = ${DAY} AND d.kind = n.kind`,
      values: [projectId, names.map(({ day }) => day), names.map(({ kind }) => kind)],
    });
    const facts = names.map(() => NO_FACTS);
    for (const { place, times, keys, amounts } of rows) {
      facts[place - 1] = { times: fromBytes(times), keys: fromBytes(keys), amounts: fromBytes(amounts) };
    }
    return facts;
  }

  /** Stores days as they are now. */
  async store(
    tx: WorkerTx,
    projectId: string,
    days: ReadonlyArray<DayName & { readonly facts: DayFacts }>,
  ): Promise<void> {
    await tx.query({
      name: 'report-days-store',
      text: `INSERT INTO report_day (project_id, day, kind, facts, times, keys, amounts)
             SELECT $1, ${DAY}, n.kind, n.facts, n.times, n.keys, n.amounts
             FROM unnest($2::int[], $3::text[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[])
               n (day, kind, facts, times, keys, amounts)
             ON CONFLICT (project_id, day, kind) DO UPDATE
               SET facts = excluded.facts, times = excluded.times, keys = excluded.keys, amounts = excluded.amounts`,
      values: [
        projectId,
        days.map(({ day }) => day),
        days.map(({ kind }) => kind),
        days.map(({ facts }) => facts.times.length),
        days.map(({ facts }) => toBytes(facts.times)),
        days.map(({ facts }) => toBytes(facts.keys)),
        days.map(({ facts }) => toBytes(facts.amounts)),
      ],
    });
  }
}
