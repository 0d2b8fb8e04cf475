import { CHANNELS, DomainError, TICKET_PRIORITIES, TICKET_STATUSES } from '#contracts';
import type { Actor, Channel, ErrorDetail, TicketPriority, TicketStatus } from '#contracts';
import {
  ChatId,
  CommaListOf,
  DateTime,
  DescribeSchema,
  Flag,
  OneLine,
  OneOf,
  PageQuery,
  Text,
  Uuid,
  UuidList,
  UuidOr,
  Word,
} from '#platform';
import { TICKET_SORTS } from '#tickets';
import type { BulkCommand, CreateTicketCommand, TicketListRequest, TicketSort } from '#tickets';
import { BULK_ACTIONS, parseBulkAction } from './bulk-action';
import type { BulkActionName } from './bulk-action';
import { decodeTicketCursor } from './ticket-cursor';

@DescribeSchema({ description: 'What a ticket is opened with.' })
export class CreateTicketDto {
  @Text({
    required: true,
    max: 4000,
    description: 'The first message.',
    example: 'The verification code does not arrive',
  })
  readonly text!: string;

  @OneLine({ nullable: true, max: 200, description: 'What it is about.', example: 'Login issue' })
  readonly subject?: string | null;

  @OneOf(CHANNELS, {
    description: 'Where the customer is. Default: `virtual`, the integrator’s own site.',
    example: 'virtual',
  })
  readonly channel?: Channel;

  @ChatId({
    nullable: true,
    description: 'The messenger’s chat. Required for telegram and max, refused for virtual.',
    example: 123456789,
  })
  readonly chat_id?: number | null;

  @OneLine({
    nullable: true,
    max: 128,
    description: 'Your own id of a virtual customer, who then is a subscriber.',
    example: 'customer-1001',
  })
  readonly external_id?: string | null;

  @OneLine({ nullable: true, max: 128, description: 'The customer’s first name.', example: 'Ivan' })
  readonly first_name?: string | null;

  @OneLine({
    nullable: true,
    max: 128,
    description: 'The customer’s user name; a leading `@` is dropped.',
    example: 'ivan_p',
  })
  readonly username?: string | null;

  @Uuid({
    nullable: true,
    description: 'An enabled ticket type of `GET /v1/helpdesk/ticket-types`.',
    example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071',
  })
  readonly ticket_type_id?: string | null;

  /** @throws {DomainError} `validation_failed` when address and channel do not fit together. */
  toCommand(actor: Actor): CreateTicketCommand {
    const channel = this.channel ?? 'virtual';
    assertAddress(channel, this.chat_id ?? null, this.external_id ?? null);
    return {
      actor,
      source: 'api',
      text: this.text,
      subject: this.subject ?? null,
      channel,
      chatId: this.chat_id ?? null,
      externalId: this.external_id ?? null,
      firstName: this.first_name ?? null,
      username: this.username?.replace(/^@/, '').trim() || null,
      ticketTypeId: this.ticket_type_id ?? null,
    };
  }
}

function assertAddress(channel: Channel, chatId: number | null, externalId: string | null): void {
  const details: ErrorDetail[] = [];
  if (channel === 'virtual' && chatId !== null) {
    details.push({
      field: 'chat_id',
      code: 'unknown_field',
      message: 'A virtual customer has no chat. Leave chat_id out, or name the messenger in channel.',
    });
  }
  if (channel !== 'virtual' && chatId === null) {
    details.push({
      field: 'chat_id',
      code: 'required',
      message: `A customer on ${channel} is found by chat_id. Give it, or leave channel out.`,
    });
  }
  if (channel !== 'virtual' && externalId !== null) {
    details.push({
      field: 'external_id',
      code: 'unknown_field',
      message: `A customer on ${channel} is found by chat_id. Leave external_id out.`,
    });
  }
  if (details.length > 0) {
    throw new DomainError('validation_failed', 'The customer’s address does not fit the channel: see details.', {
      details,
    });
  }
}

export class TicketListQuery extends PageQuery {
  @CommaListOf(TICKET_STATUSES, { description: 'Statuses, comma-separated: any of them.', example: 'new,in_progress' })
  readonly status?: TicketStatus[];

  @UuidOr(['none'], { description: 'The agent’s id, or `none` for tickets without one.', example: 'none' })
  readonly assigned_to?: string;

  @OneOf(TICKET_PRIORITIES, { description: 'The priority.', example: 'urgent' })
  readonly priority?: TicketPriority;

  @OneOf(CHANNELS, { description: 'Where the customer is.', example: 'telegram' })
  readonly channel?: Channel;

  @Uuid({ description: 'The ticket type.', example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071' })
  readonly ticket_type_id?: string;

  @OneLine({ max: 64, description: 'A tag, in any case.', example: 'vip' })
  readonly tag?: string | null;

  @Uuid({ description: 'The customer’s subscriber id.', example: '019ab6c2-0001-7aaa-8bbb-0123456789ab' })
  readonly subscriber_id?: string;

  @OneLine({
    max: 200,
    description:
      'Words that all stand somewhere in the subject or the messages, in any form of the word (Russian, English).',
    example: 'оплату',
  })
  readonly q?: string | null;

  @DateTime({ description: 'Created at this time or later.', example: '2026-11-01T00:00:00Z' })
  readonly created_after?: Date;

  @DateTime({ description: 'Created before this time.', example: '2026-12-01T00:00:00Z' })
  readonly created_before?: Date;

  @DateTime({ description: 'Changed at this time or later.', example: '2026-11-24T00:00:00Z' })
  readonly updated_after?: Date;

  @OneOf(['at_risk', 'breached'], {
    description: 'Tickets with a service-level clock in this state.',
    example: 'breached',
  })
  readonly sla?: 'at_risk' | 'breached';

  @Flag({ description: '`true`: only tickets whose customer waits for an answer.', example: true })
  readonly unanswered?: boolean;

  @OneOf(TICKET_SORTS, {
    description: 'Order: newest first (default), oldest first, last changed first, urgent first, or next due first.',
    example: '-created_at',
  })
  readonly sort?: TicketSort;

  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list or order, or offset comes with it. */
  toRequest(): TicketListRequest {
    this.assertOneWay();
    const sort = this.sort ?? '-created_at';
    const after = this.cursor === undefined ? undefined : decodeTicketCursor(this.cursor, sort);
    return {
      sort,
      limit: this.limit,
      offset: this.offset,
      after,
      filter: {
        statuses: this.status,
        assignedTo: this.assigned_to === 'none' ? null : this.assigned_to,
        priority: this.priority,
        channel: this.channel,
        ticketTypeId: this.ticket_type_id,
        tag: this.tag ?? undefined,
        subscriberId: this.subscriber_id,
        words: this.q ?? undefined,
        createdAfter: this.created_after,
        createdBefore: this.created_before,
        updatedAfter: this.updated_after,
        sla: this.sla,
        unanswered: this.unanswered,
      },
    };
  }
}

@DescribeSchema({ description: 'One action for many tickets.' })
export class BulkDto {
  @UuidList({
    required: true,
    min: 1,
    max: 100,
    description: 'The tickets, 1 to 100; one that is named twice counts once.',
    example: ['019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69'],
  })
  readonly ticket_ids!: string[];

  @OneOf(BULK_ACTIONS, { required: true, description: 'What to do to each ticket.', example: 'set_status' })
  readonly action!: BulkActionName;

  @Word({
    nullable: true,
    max: 128,
    description:
      'With `set_status` a status, with `set_priority` a priority, with `add_tag` and `remove_tag` a tag, with `assign` an agent’s id or null; `close` needs none.',
    example: 'waiting',
  })
  readonly value?: string | null;

  @Flag({ description: 'Only say what would happen. Default: false.', example: false })
  readonly dry_run?: boolean;

  /** @throws {DomainError} `validation_failed` when the value does not fit the action. */
  toCommand(actor: Actor): BulkCommand {
    return {
      actor,
      ticketIds: this.ticket_ids,
      action: parseBulkAction(this.action, this.value),
      dryRun: this.dry_run ?? false,
    };
  }
}
