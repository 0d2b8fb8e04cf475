import type { ConfigurationKind, ConfigurationRow } from '../configuration-objects/configuration-kind';

/** A kind of tickets. */
export interface TicketType extends ConfigurationRow {
  readonly name: string;
  readonly description: string | null;
  /** Types are listed by it, the smallest first, and then by name. */
  readonly sortOrder: number;
  /** Only an enabled one can be given to a ticket. */
  readonly enabled: boolean;
}

/** Most ticket types of a project. */
export const MAX_TICKET_TYPES = 200;

/** How ticket types are kept. A deleted one stays on its tickets. */
export const TICKET_TYPES: ConfigurationKind<TicketType> = {
  table: 'ticket_type',
  type: 'ticket_type',
  columns: {
    id: 'id',
    name: 'name',
    description: 'description',
    sortOrder: 'sort_order',
    enabled: 'enabled',
    createdAt: 'created_at',
    updatedAt: 'updated_at',
  },
  fields: { name: 'name', description: 'description', sortOrder: 'sort_order', enabled: 'enabled' },
  bound: {
    max: MAX_TICKET_TYPES,
    message: `A project has at most ${MAX_TICKET_TYPES} ticket types. Delete one that is not needed any more, or rename it.`,
  },
  notFound: 'ticket_type_not_found',
};
