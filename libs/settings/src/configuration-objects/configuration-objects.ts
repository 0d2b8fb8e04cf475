import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { DomainError } from '#contracts';
import type { Actor } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock, currentRequestId, notThere } from '#platform';
import { changedFields, fieldsByName } from '../config-history/config-change';
import type { ConfigCause } from '../config-history/config-change';
import { ConfigHistory } from '../config-history/config-history';
import { lockConfiguration } from '../lock-configuration';
import { selectFields } from './configuration-kind';
import type { ConfigurationKind, ConfigurationRow } from './configuration-kind';

/** What an object is made of: all but what it is given when it is made. */
export type NewFields<Row extends ConfigurationRow> = Omit<Row, keyof ConfigurationRow>;

/** Refuses an object as it would be, for example because its name is taken; the configuration is locked meanwhile. */
export type Admission<Row> = (tx: Tx, wanted: Row) => Promise<void>;

/** Which object is to be changed, by whom. */
export interface ObjectCommand {
  readonly actor: Actor;
  readonly id: string;
}

/** Makes, changes and deletes the objects of a project's configuration, each in one step with its lines of history. */
@Injectable()
export class ConfigurationObjects {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly history: ConfigHistory,
    private readonly clock: Clock,
  ) {}

  /** @throws {DomainError} `conflict` when the project has as many as it may; what `admit` throws. */
  async create<Row extends ConfigurationRow>(
    scope: ProjectScope,
    kind: ConfigurationKind<Row>,
    { actor, fields }: { readonly actor: Actor; readonly fields: NewFields<Row> },
    admit: Admission<Row>,
  ): Promise<Row> {
    return this.change(scope, actor, async (tx, cause) => {
      const { at } = cause;
      const row = { ...fields, id: uuidv7(), createdAt: at, updatedAt: at } as Row;
      await assertRoom(tx, kind);
      await admit(tx, row);
      await tx.query(insertion(tx, kind, row));
      const change = { action: 'created', field: null, from: null, to: fieldsByName(row, kind.fields) } as const;
      await this.history.record(tx, { type: kind.type, id: row.id }, cause, [change]);
      return row;
    });
  }

  /**
   * Sets the given fields; undefined leaves one as it is. What is set to what it is already changes nothing.
   * @throws {DomainError} the kind's `notFound`; what `admit` throws.
   */
  async update<Row extends ConfigurationRow>(
    scope: ProjectScope,
    kind: ConfigurationKind<Row>,
    { actor, id, given }: ObjectCommand & { readonly given: Partial<NewFields<Row>> },
    admit: Admission<Row>,
  ): Promise<Row> {
    return this.change(scope, actor, async (tx, cause) => {
      const before = await find(tx, kind, id);
      const wanted = { ...before, ...withoutUndefined(given), updatedAt: cause.at };
      const changes = changedFields(before, wanted, kind.fields);
      if (changes.length === 0) {
        return before;
      }
      await admit(tx, wanted);
      await tx.query(update(tx, kind, wanted));
      await this.history.record(tx, { type: kind.type, id }, cause, changes);
      return wanted;
    });
  }

  /** @throws {DomainError} the kind's `notFound`, also for what is deleted already. */
  async delete<Row extends ConfigurationRow>(
    scope: ProjectScope,
    kind: ConfigurationKind<Row>,
    { actor, id }: ObjectCommand,
  ): Promise<void> {
    await this.change(scope, actor, async (tx, cause) => {
      const before = await find(tx, kind, id);
      await tx.query({
        text: `UPDATE ${kind.table} SET deleted_at = $3, updated_at = $3 WHERE project_id = $1 AND id = $2`,
        values: [tx.scope.liveProjectId, id, cause.at],
      });
      const change = { action: 'deleted', field: null, from: fieldsByName(before, kind.fields), to: null } as const;
      await this.history.record(tx, { type: kind.type, id }, cause, [change]);
    });
  }

  private async change<T>(
    scope: ProjectScope,
    actor: Actor,
    work: (tx: Tx, cause: ConfigCause) => Promise<T>,
  ): Promise<T> {
    return this.uow.run(scope, async (tx) => {
      await lockConfiguration(tx);
      return work(tx, { actor, at: this.clock.now(scope), requestId: currentRequestId() });
    });
  }
}

async function find<Row extends ConfigurationRow>(tx: Tx, kind: ConfigurationKind<Row>, id: string): Promise<Row> {
  const [row] = await tx.query<Row>({
    text: `SELECT ${selectFields(kind)} FROM ${kind.table} WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL`,
    values: [tx.scope.liveProjectId, id],
  });
  if (!row) {
    throw notThere(kind.notFound);
  }
  return row;
}

async function assertRoom<Row extends ConfigurationRow>(
  tx: Tx,
  { table, bound }: ConfigurationKind<Row>,
): Promise<void> {
  const [found] = await tx.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM ${table} WHERE project_id = $1 AND deleted_at IS NULL`,
    values: [tx.scope.liveProjectId],
  });
  if ((found?.count ?? 0) >= bound.max) {
    throw new DomainError('conflict', bound.message);
  }
}

function insertion<Row extends ConfigurationRow>(tx: Tx, { table, columns }: ConfigurationKind<Row>, row: Row) {
  const list = ['project_id', ...Object.values<string>(columns)].join(', ');
  return {
    text: `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_record(NULL::${table}, $1::json)`,
    values: [JSON.stringify({ ...byColumn(row, columns), project_id: tx.scope.liveProjectId })],
  };
}

/** Only what people set: counters of use go on beside it. */
function update<Row extends ConfigurationRow>(tx: Tx, { table, fields, columns }: ConfigurationKind<Row>, row: Row) {
  const list = [...Object.values(fields), columns.updatedAt].join(', ');
  return {
    text: `UPDATE ${table} SET (${list}) = (SELECT ${list} FROM json_populate_record(NULL::${table}, $3::json))
           WHERE project_id = $1 AND id = $2`,
    values: [tx.scope.liveProjectId, row.id, JSON.stringify(byColumn(row, columns))],
  };
}

function byColumn<Row extends object>(row: Row, columns: Readonly<Record<keyof Row, string>>): object {
  return Object.fromEntries(
    (Object.entries(columns) as Array<[keyof Row, string]>).map(([name, column]) => [column, row[name]]),
  );
}

function withoutUndefined<Fields extends object>(given: Fields): Fields {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Fields;
}
