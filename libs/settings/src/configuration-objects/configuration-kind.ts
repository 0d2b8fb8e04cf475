import type { ErrorCode } from '#contracts';
import type { ConfigObjectType } from '../config-history/config-change';

/** What every object of the configuration has. */
export interface ConfigurationRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * A kind of objects of which a project has many, kept as rows with the columns `project_id`, `id`, `created_at`, `updated_at` and
 * `deleted_at`: what is deleted stays, for what refers to it.
 */
export interface ConfigurationKind<Row extends ConfigurationRow> {
  readonly table: string;
  readonly type: ConfigObjectType;
  /** The column of each field that is read. */
  readonly columns: Readonly<Record<keyof Row, string>>;
  /** Those that people set, by their names in the API, which are those of their columns. */
  readonly fields: Readonly<Partial<Record<keyof Row, string>>>;
  /** Most objects of a project, and the sentence for whoever wants one more. */
  readonly bound: { readonly max: number; readonly message: string };
  readonly notFound: ErrorCode;
}

/** A select list that names the columns as the fields are named. */
export function selectFields<Row extends ConfigurationRow>({ columns }: ConfigurationKind<Row>): string {
  return Object.entries<string>(columns)
    .map(([name, column]) => `${column} AS "${name}"`)
    .join(', ');
}
