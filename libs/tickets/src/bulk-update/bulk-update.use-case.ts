import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { Actor, ErrorCode, TicketPriority, TicketStatus } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { AgentDirectory } from '#projects';
import { HelpdeskSettingsQuery } from '#settings';
import type { TicketSettings } from '#settings';
import { requireAgent } from '../assign-ticket/assign-ticket.use-case';
import { ChangeTicket, ticketNotFound } from '../change-ticket/change-ticket';
import { assign, setPriority, setTags } from '../domain/edit-ticket';
import { withoutTag, withTag } from '../domain/tags';
import type { LockedTicket } from '../domain/ticket';
import type { TicketRevision } from '../domain/ticket-revision';
import { TicketRepository } from '../persistence/ticket.repository';

/** What to do to each ticket of a list. */
export type BulkAction =
  | { readonly type: 'set_status'; readonly status: TicketStatus }
  | { readonly type: 'assign'; readonly agentId: string | null }
  | { readonly type: 'set_priority'; readonly priority: TicketPriority }
  | { readonly type: 'add_tag' | 'remove_tag'; readonly tag: string };

/** One action over a list of tickets. */
export interface BulkCommand {
  readonly ticketIds: readonly string[];
  readonly action: BulkAction;
  readonly actor: Actor;
  /** Only say what would happen. */
  readonly dryRun: boolean;
}

/** What became of one ticket. */
export interface BulkResult {
  readonly ticketId: string;
  readonly ok: boolean;
  readonly changed: boolean;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** What became of one ticket, and the change to store where there is one. */
interface Outcome {
  readonly revision?: TicketRevision;
  readonly result: BulkResult;
}

/** Does one action to many tickets in one transaction; a ticket that it cannot be done to fails alone. */
@Injectable()
export class BulkUpdate {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly changeTicket: ChangeTicket,
    private readonly tickets: TicketRepository,
    private readonly settings: HelpdeskSettingsQuery,
    private readonly agents: AgentDirectory,
  ) {}

  /** @throws {DomainError} `validation_failed` when the action itself is impossible, for example its agent unknown. */
  async execute(scope: ProjectScope, command: BulkCommand): Promise<BulkResult[]> {
    const ids = [...new Set(command.ticketIds)];
    return this.uow.run(scope, async (tx) => {
      const settings = await this.settings.loadEnabled(tx);
      if (command.action.type === 'assign') {
        await requireAgent(this.agents, tx, command.action.agentId, 'value');
      }
      const locked = await this.tickets.lockAll(tx, ids);
      const outcomes = ids.map((id) => this.change({ tx, settings }, command, id, locked.get(id)));
      if (!command.dryRun) {
        await this.store(tx, outcomes);
      }
      return outcomes.map(({ result }) => result);
    });
  }

  private change(
    { tx, settings }: { readonly tx: Tx; readonly settings: TicketSettings },
    command: BulkCommand,
    ticketId: string,
    ticket: LockedTicket | undefined,
  ): Outcome {
    try {
      if (!ticket) {
        throw ticketNotFound();
      }
      const revision = this.changeTicket.revise(tx.scope, ticket, command.actor, settings);
      apply(revision, command.action);
      return { revision, result: { ticketId, ok: true, changed: revision.isChanged } };
    } catch (error) {
      if (!(error instanceof DomainError)) {
        throw error;
      }
      const { code, message } = error;
      return { result: { ticketId, ok: false, changed: false, error: { code, message } } };
    }
  }

  /** Sent together: the tickets stay locked for one round trip, not for one each. */
  private async store(tx: Tx, outcomes: readonly Outcome[]): Promise<void> {
    const changed = outcomes.flatMap(({ revision }) => (revision?.isChanged ? [revision] : []));
    await Promise.all(changed.map((revision) => this.tickets.update(tx, revision)));
  }
}

function apply(revision: TicketRevision, action: BulkAction): void {
  const { tags } = revision.current;
  switch (action.type) {
    case 'set_status':
      return revision.changeStatus(action.status);
    case 'assign':
      return assign(revision, action.agentId);
    case 'set_priority':
      return setPriority(revision, action.priority);
    case 'add_tag':
      return setTags(revision, withTag(tags, action.tag));
    case 'remove_tag':
      return setTags(revision, withoutTag(tags, action.tag));
  }
}
