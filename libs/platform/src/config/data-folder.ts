import { join, resolve } from 'node:path';
import type { Environment } from './environment';

/** What lies where in the installation's data folder. */
export interface DataFolderPaths {
  readonly root: string;
  /** Data of the embedded PostgreSQL. */
  readonly postgres: string;
  /** The keys of the first project, as the first start wrote them. */
  readonly credentials: string;
}

/** The places in the data folder; touches nothing. */
export function dataFolderPaths({ HELPDESK_DATA_DIR }: Pick<Environment, 'HELPDESK_DATA_DIR'>): DataFolderPaths {
  const root = resolve(HELPDESK_DATA_DIR);
  return { root, postgres: join(root, 'postgres'), credentials: join(root, 'credentials.json') };
}
