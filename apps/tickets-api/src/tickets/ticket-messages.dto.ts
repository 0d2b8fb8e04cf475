import { TICKET_STATUSES } from '#contracts';
import type { TicketStatus } from '#contracts';
import { decodeCursor, DescribeSchema, Flag, OneOf, PageQuery, Text, Uuid } from '#platform';
import type { ConversationPosition, ConversationRequest, ReplyCommand } from '#tickets';

/** Most UTF-16 code units of a message, the messengers' way of counting. */
const MAX_TEXT = 4000;

@DescribeSchema({ description: 'An agent’s answer, or an internal note.' })
export class ReplyDto {
  @Text({
    required: true,
    max: MAX_TEXT,
    description: 'The answer, or the note.',
    example: 'We have sent the code again. Does it arrive now?',
  })
  readonly text!: string;

  @Flag({
    description: '`true`: an internal note, hidden from the customer and not billed. Default: false.',
    example: false,
  })
  readonly internal?: boolean;

  @OneOf(TICKET_STATUSES, { description: 'A status to set in the same step.', example: 'closed' })
  readonly status?: TicketStatus;

  @Uuid({
    nullable: true,
    description: 'The agent who is shown as the author, one of `GET /v1/helpdesk/agents`.',
    example: '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f',
  })
  readonly agent_id?: string | null;

  @Uuid({
    nullable: true,
    description: 'The canned response that the text was made from: its use is counted.',
    example: '019ab6b0-44dd-7a6f-9b72-3d4e5f607182',
  })
  readonly canned_response_id?: string | null;

  @Uuid({
    description: 'The last public message that you have seen: when there are newer ones, nothing is sent.',
    example: '019ab6c2-7a11-7f02-8c1d-5e6f7a8b9c0d',
  })
  readonly if_last_message_id?: string;

  toReply(): Omit<ReplyCommand, 'ticketId' | 'actor' | 'ifVersion'> {
    return {
      text: this.text,
      internal: this.internal ?? false,
      status: this.status,
      agentId: this.agent_id ?? null,
      cannedResponseId: this.canned_response_id ?? null,
      ifLastMessageId: this.if_last_message_id,
    };
  }
}

@DescribeSchema({ description: 'A virtual customer’s message.' })
export class CustomerReplyDto {
  @Text({
    required: true,
    max: MAX_TEXT,
    description: 'What the customer writes.',
    example: 'Yes, it has arrived. Thank you!',
  })
  readonly text!: string;
}

export class ConversationQuery extends PageQuery {
  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toRequest(ticketId: string, kind: 'messages' | 'history'): ConversationRequest {
    this.assertOneWay();
    const { limit, offset, cursor } = this;
    const from = cursor === undefined ? undefined : decodeCursor(kind, cursor, (value) => positionIn(value, ticketId));
    return { ticketId, limit, offset, from };
  }
}

/** A position within the conversation of this very ticket. */
function positionIn(value: unknown, ticketId: string): ConversationPosition | undefined {
  const { ticket, direction, seq } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isPosition = Number.isSafeInteger(seq) && (direction === 'newer' || direction === 'older');
  return isPosition && ticket === ticketId ? { direction, seq: seq as number } : undefined;
}
