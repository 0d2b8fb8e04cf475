import type { ConfigurationKind, ConfigurationRow } from '../configuration-objects/configuration-kind';

/** A prepared answer. */
export interface CannedResponse extends ConfigurationRow {
  readonly title: string;
  /** With variables such as `{{first_name}}`. */
  readonly text: string;
  /** By which it is inserted; unique in the project. */
  readonly shortcut: string | null;
  /** How many replies of the live side were made from it. */
  readonly usedCount: number;
}

/** Most canned responses of a project. */
export const MAX_CANNED_RESPONSES = 500;

/** How canned responses are kept. */
export const CANNED_RESPONSES: ConfigurationKind<CannedResponse> = {
  table: 'canned_response',
  type: 'canned_response',
  columns: {
    id: 'id',
    title: 'title',
    text: 'text',
    shortcut: 'shortcut',
    usedCount: 'used_count',
    createdAt: 'created_at',
    updatedAt: 'updated_at',
  },
  fields: { title: 'title', text: 'text', shortcut: 'shortcut' },
  bound: {
    max: MAX_CANNED_RESPONSES,
    message: `A project has at most ${MAX_CANNED_RESPONSES} canned responses. Delete one that is not used any more first.`,
  },
  notFound: 'canned_response_not_found',
};
