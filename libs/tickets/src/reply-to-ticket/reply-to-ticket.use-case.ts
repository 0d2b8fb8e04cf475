import { Injectable } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { DeliveryStatus, MessagePayload, TicketStatus } from '#contracts';
import type { ProjectScope } from '#database';
import { AgentDirectory } from '#projects';
import { CountCannedResponseUse } from '#settings';
import { requireAgent } from '../assign-ticket/assign-ticket.use-case';
import { ChangeTicket } from '../change-ticket/change-ticket';
import type { ChangeContext, ChangedTicket, TicketCommand } from '../change-ticket/change-ticket';
import { toMessagePayload } from '../domain/message';
import type { Message } from '../domain/message';
import type { Ticket } from '../domain/ticket';
import { MessageReader } from '../get-ticket/message-reader';
import { ReplyMeter } from '../meter-replies/reply-meter';

/** An agent's answer or note. */
export interface ReplyCommand extends TicketCommand {
  readonly text: string;
  readonly internal: boolean;
  /** The status to set in the same step. */
  readonly status?: TicketStatus;
  /** The member shown as the author. */
  readonly agentId: string | null;
  readonly cannedResponseId: string | null;
  /** The last public message that the agent has seen; newer ones are `newer_messages`. */
  readonly ifLastMessageId?: string;
}

/** A stored message and the ticket after it. */
export interface AddedMessage {
  readonly message: MessagePayload;
  readonly ticket: ChangedTicket['ticket'];
}

/** Adds an agent's public answer, or an internal note, to a ticket. */
@Injectable()
export class ReplyToTicket {
  constructor(
    private readonly changeTicket: ChangeTicket,
    private readonly agents: AgentDirectory,
    private readonly cannedResponses: CountCannedResponseUse,
    private readonly meter: ReplyMeter,
    private readonly messages: MessageReader,
  ) {}

  /** @throws {DomainError} `newer_messages`, `billing_blocked`, `validation_failed` for unknown ids. */
  async execute(scope: ProjectScope, command: ReplyCommand): Promise<AddedMessage> {
    const { ticket, result } = await this.changeTicket.execute(scope, command, (context) => this.add(context, command));
    return { message: toMessagePayload(result), ticket };
  }

  private async add(context: ChangeContext, command: ReplyCommand): Promise<Message> {
    const { tx, revision } = context;
    await this.assertNothingNewer(context, command.ifLastMessageId);
    const author = await requireAgent(this.agents, tx, command.agentId, 'agent_id');
    if (command.cannedResponseId !== null) {
      await this.cannedResponses.execute(tx, command.cannedResponseId);
    }
    const said = {
      authorType: command.actor.type === 'ai' ? ('ai' as const) : ('agent' as const),
      authorId: author?.id ?? null,
      authorName: author?.name ?? null,
      text: command.text,
    };
    if (command.internal) {
      return revision.addNote({ ...said, deliveryStatus: 'none' }, command.status);
    }
    if (isBilled(revision.before)) {
      await this.meter.count(tx, revision.cause.at);
    }
    return revision.reply({ ...said, deliveryStatus: firstDeliveryStatus(revision.before) }, command.status);
  }

  private async assertNothingNewer({ tx, revision }: ChangeContext, seen: string | undefined): Promise<void> {
    if (seen === undefined || seen === revision.before.lastPublicMessageId) {
      return;
    }
    throw new DomainError(
      'newer_messages',
      'The conversation went on: read `messages`, then answer with the last one’s id.',
      {
        extra: { messages: await this.messages.publicAfter(tx, revision.before.id, seen) },
      },
    );
  }
}

/** Answers into messengers are billed when they are accepted; virtual ones and the test side are free. */
function isBilled(ticket: Ticket): boolean {
  return ticket.channel !== 'virtual' && !ticket.isTest;
}

/** Where an answer stands at first: nothing leaves the test side, and virtual customers fetch theirs. */
function firstDeliveryStatus(ticket: Ticket): DeliveryStatus {
  if (ticket.channel === 'virtual') {
    return 'none';
  }
  return ticket.isTest ? 'simulated' : 'queued';
}
