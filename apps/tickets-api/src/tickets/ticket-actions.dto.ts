import { DomainError, fieldError, TICKET_PRIORITIES, TICKET_STATUSES } from '#contracts';
import type { TicketPriority, TicketStatus } from '#contracts';
import { DescribeSchema, OneLine, OneOf, TagList, Text, Uuid, WholeNumber } from '#platform';
import { MAX_TAGS } from '#tickets';
import type { TicketCommand, UpdateCommand } from '#tickets';

const EXAMPLE_AGENT = '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f';

@DescribeSchema({ description: 'A new status.' })
export class StatusDto {
  @OneOf(TICKET_STATUSES, { required: true, description: 'The new status.', example: 'in_progress' })
  readonly status!: TicketStatus;
}

@DescribeSchema({ description: 'A new priority.' })
export class PriorityDto {
  @OneOf(TICKET_PRIORITIES, { required: true, description: 'The new priority.', example: 'high' })
  readonly priority!: TicketPriority;
}

@DescribeSchema({ description: 'How a customer rates a closed ticket.' })
export class RatingDto {
  @WholeNumber({ required: true, min: 1, max: 5, description: 'From 1 to 5, 5 is the best.', example: 5 })
  readonly rating!: number;

  @Text({
    nullable: true,
    max: 1000,
    description: 'What the customer says about it. Left out: stays as it is; null: none.',
    example: 'Quick and friendly',
  })
  readonly comment?: string | null;
}

@DescribeSchema({ description: 'Whom to assign.' })
export class AssignDto {
  @Uuid({
    nullable: true,
    description: 'The agent, one of `GET /v1/helpdesk/agents`; null or nothing clears the assignment.',
    example: EXAMPLE_AGENT,
  })
  readonly assigned_to?: string | null;

  @Uuid({ nullable: true, description: 'The name of `assigned_to` in older clients.', example: EXAMPLE_AGENT })
  readonly user_id?: string | null;

  @Uuid({
    nullable: true,
    description: 'Only assign when this agent, or with null nobody, is assigned now; else 409 says who is.',
    example: null,
  })
  readonly expected_assigned_to?: string | null;

  /** @throws {DomainError} `validation_failed` when both names of the field are given and say different things. */
  agentId(): string | null {
    const { assigned_to: agent, user_id: alias } = this;
    if (agent !== undefined && alias !== undefined && agent !== alias) {
      throw fieldError('user_id', 'duplicate', 'user_id is another name of assigned_to. Give one of them.');
    }
    return agent ?? alias ?? null;
  }
}

@DescribeSchema({ description: 'The fields to change, at least one.' })
export class UpdateTicketDto {
  @OneLine({ nullable: true, max: 200, description: 'What it is about; null clears it.', example: 'Login issue' })
  readonly subject?: string | null;

  @Uuid({
    nullable: true,
    description: 'An enabled ticket type; null clears it.',
    example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071',
  })
  readonly ticket_type_id?: string | null;

  @TagList({
    max: MAX_TAGS,
    description: 'The whole list of tags. Tags that differ only in case are one.',
    example: ['vip', 'billing'],
  })
  readonly tags?: string[];

  /** @throws {DomainError} `validation_failed` when nothing is given. */
  toChanges(): Omit<UpdateCommand, keyof TicketCommand> {
    const changes = { subject: this.subject, ticketTypeId: this.ticket_type_id, tags: this.tags };
    if (Object.values(changes).every((value) => value === undefined)) {
      throw new DomainError(
        'validation_failed',
        'Nothing to change: give at least one of subject, ticket_type_id, tags.',
        {
          details: ['subject', 'ticket_type_id', 'tags'].map((field) => ({
            field,
            code: 'required',
            message: 'Give at least one of subject, ticket_type_id, tags.',
          })),
        },
      );
    }
    return changes;
  }
}
