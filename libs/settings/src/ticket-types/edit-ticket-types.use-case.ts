import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Actor } from '#contracts';
import type { ProjectScope, Tx } from '#database';
import { ConfigurationObjects } from '../configuration-objects/configuration-objects';
import type { NewFields, ObjectCommand } from '../configuration-objects/configuration-objects';
import { TICKET_TYPES } from './ticket-type';
import type { TicketType } from './ticket-type';

/** Makes, changes and deletes ticket types. Their names are unique whatever their case; that of a deleted one is free again. */
@Injectable()
export class EditTicketTypes {
  constructor(private readonly objects: ConfigurationObjects) {}

  /** @throws {DomainError} `conflict` when the name is taken, or there are as many as there may be. */
  async create(scope: ProjectScope, actor: Actor, fields: NewFields<TicketType>): Promise<TicketType> {
    return this.objects.create(scope, TICKET_TYPES, { actor, fields }, assertNameIsFree);
  }

  /**
   * Tickets keep the name that their type had when they were given it.
   * @throws {DomainError} `ticket_type_not_found`, `conflict` when the name is taken.
   */
  async update(
    scope: ProjectScope,
    command: ObjectCommand,
    given: Partial<NewFields<TicketType>>,
  ): Promise<TicketType> {
    return this.objects.update(scope, TICKET_TYPES, { ...command, given }, assertNameIsFree);
  }

  /**
   * Its tickets keep it, and its name.
   * @throws {DomainError} `ticket_type_not_found`.
   */
  async delete(scope: ProjectScope, command: ObjectCommand): Promise<void> {
    return this.objects.delete(scope, TICKET_TYPES, command);
  }
}

async function assertNameIsFree(tx: Tx, { id, name }: TicketType): Promise<void> {
  const others = await tx.query<{ name: string }>({
    text: 'SELECT name FROM ticket_type WHERE project_id = $1 AND id <> $2 AND deleted_at IS NULL',
    values: [tx.scope.liveProjectId, id],
  });
  const same = others.find((other) => folded(other.name) === folded(name));
  if (same) {
    throw new DomainError(
      'conflict',
      `There is a ticket type called ${same.name} already. Choose another name, or change that one.`,
    );
  }
}

/** The form in which names are compared. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}
