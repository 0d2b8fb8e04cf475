import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  AUTHOR_TYPES,
  CHANNELS,
  CSAT_STATUSES,
  DELIVERY_STATUSES,
  ERROR_STATUS,
  MESSAGE_SIDES,
  SLA_STATUSES,
  TICKET_PRIORITIES,
  TICKET_SOURCES,
  TICKET_STATUSES,
} from '#contracts';
import type { MessagePayload, TicketPayload } from '#contracts';
import { EXAMPLE_MESSAGE, EXAMPLE_REPLY, EXAMPLE_TICKET } from '#contracts';
import { ActorDto, DescribeSchema, listOf } from '#platform';

const id = (description: string, example = EXAMPLE_TICKET.id) => ({
  type: String,
  format: 'uuid',
  description,
  example,
});
/** A point in time. */
export const time = (description: string, example = EXAMPLE_TICKET.created_at) => ({
  type: String,
  format: 'date-time',
  description,
  example,
});
const orNull = <Schema extends object>(schema: Schema) => ({ ...schema, nullable: true as const });
const text = (description: string, example: string) => ({ type: String, description, example });
/** A number of something. */
export const count = (description: string, example: number) => ({
  type: 'integer' as const,
  minimum: 0,
  description,
  example,
});
/** A value of any field: a text, a whole number, a list of texts, an object or nothing. */
export const anyValue = (description: string, example: string) => ({
  description,
  example,
  anyOf: [
    { type: 'string' },
    { type: 'integer' },
    { type: 'array', items: { type: 'string' } },
    { type: 'object', additionalProperties: true },
    { type: 'null' },
  ],
});
/** One of some words. */
export const oneOf = (values: readonly string[], description: string, example: string) => ({
  type: String,
  enum: [...values],
  description,
  example,
});

@DescribeSchema({ description: 'One service-level clock of a ticket.' })
class SlaClockDto {
  @ApiProperty(
    orNull(
      time('When the time is up, or was. Null without a threshold, and where the business hours never get there.'),
    ),
  )
  readonly due_at!: string | null;

  @ApiProperty(oneOf(SLA_STATUSES, 'State of the clock.', 'none'))
  readonly status!: TicketPayload['sla']['resolve']['status'];
}

@DescribeSchema({ description: 'The service-level clocks of a ticket.' })
class SlaDto {
  @ApiProperty({ type: SlaClockDto, description: 'The time until the first public reply.' })
  readonly first_reply!: SlaClockDto;

  @ApiProperty({ type: SlaClockDto, description: 'The time until the ticket is closed.' })
  readonly resolve!: SlaClockDto;
}

/** The ticket object. */
@DescribeSchema({ description: 'A ticket: one matter of one customer.', example: EXAMPLE_TICKET })
export class TicketDto implements TicketPayload {
  @ApiProperty(id('The ticket.'))
  readonly id!: string;

  @ApiProperty({ ...count('Number in the project, from 1 without gaps.', 42), minimum: 1 })
  readonly ticket_number!: number;

  @ApiProperty(orNull(text('What it is about.', 'Login issue')))
  readonly subject!: string | null;

  @ApiProperty(oneOf(TICKET_STATUSES, 'Where the ticket stands.', 'new'))
  readonly status!: TicketPayload['status'];

  @ApiProperty(oneOf(TICKET_PRIORITIES, 'How pressing it is.', 'normal'))
  readonly priority!: TicketPayload['priority'];

  @ApiProperty(oneOf(CHANNELS, 'Where the customer is.', 'virtual'))
  readonly channel!: TicketPayload['channel'];

  @ApiProperty(oneOf(TICKET_SOURCES, 'Through which door the ticket was opened.', 'api'))
  readonly source!: TicketPayload['source'];

  @ApiProperty(orNull(id('The ticket type.', '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071')))
  readonly ticket_type_id!: string | null;

  @ApiProperty(orNull(text('The type’s name when it was given to the ticket.', 'Bug')))
  readonly ticket_type_name!: string | null;

  @ApiProperty(orNull(id('The agent in charge.', '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f')))
  readonly assigned_to!: string | null;

  @ApiProperty({ type: [String], description: 'Tags, at most 20.', example: ['vip'] })
  readonly tags!: string[];

  @ApiProperty(orNull(id('The customer as a subscriber.', '019ab6c2-0001-7aaa-8bbb-0123456789ab')))
  readonly subscriber_id!: string | null;

  @ApiProperty(orNull({ type: 'integer' as const, description: 'The messenger’s chat.', example: 123456789 }))
  readonly chat_id!: number | null;

  @ApiProperty(orNull(text('The customer’s first name when the ticket was opened.', 'Ivan')))
  readonly first_name!: string | null;

  @ApiProperty(orNull(text('The customer’s user name when the ticket was opened, without `@`.', 'ivan_p')))
  readonly username!: string | null;

  @ApiProperty(orNull(time('The first public reply of a person.')))
  readonly first_reply_at!: string | null;

  @ApiProperty(orNull(time('The last close; null while the ticket is open.')))
  readonly closed_at!: string | null;

  @ApiProperty(orNull(count('Whole seconds from the first customer message to the first reply.', 252)))
  readonly time_to_first_response_seconds!: number | null;

  @ApiProperty(orNull(count('Whole seconds from creation to the last close.', 1800)))
  readonly time_to_resolve_seconds!: number | null;

  @ApiProperty(orNull(time('Time of the oldest customer message without a public answer.')))
  readonly waiting_since!: string | null;

  @ApiProperty(orNull(time('Time of the last public message.')))
  readonly last_message_at!: string | null;

  @ApiProperty(orNull(oneOf(MESSAGE_SIDES, 'Who wrote the last public message.', 'customer')))
  readonly last_message_from!: TicketPayload['last_message_from'];

  @ApiProperty(count('How often the ticket was reopened.', 0))
  readonly reopen_count!: number;

  @ApiProperty(
    orNull({ type: 'integer' as const, minimum: 1, maximum: 5, description: 'The customer’s rating.', example: 5 }),
  )
  readonly csat_rating!: number | null;

  @ApiProperty(orNull(text('The customer’s comment on the rating.', 'Quick and friendly')))
  readonly csat_comment!: string | null;

  @ApiProperty(
    oneOf(
      CSAT_STATUSES,
      'State of the question for a rating: not asked, asked, answered, too late, taken back by a reopening, or the customer could not be asked.',
      'none',
    ),
  )
  readonly csat_status!: TicketPayload['csat_status'];

  @ApiProperty({ type: SlaDto, description: 'The service-level clocks.' })
  readonly sla!: SlaDto;

  @ApiProperty(count('Public messages.', 1))
  readonly message_count!: number;

  @ApiProperty(count('Internal notes.', 0))
  readonly note_count!: number;

  @ApiProperty({ type: Boolean, description: 'Whether the ticket is on the test side.', example: false })
  readonly is_test!: boolean;

  @ApiProperty(time('When the ticket was opened.'))
  readonly created_at!: string;

  @ApiProperty(time('When the ticket last changed.'))
  readonly updated_at!: string;

  @ApiProperty({ ...count('Grows with each change; the value of `ETag` and `If-Match`.', 1), minimum: 1 })
  readonly version!: number;
}

@DescribeSchema({ description: 'What became of a message on the way to the messenger.' })
class DeliveryDto {
  @ApiProperty(oneOf(DELIVERY_STATUSES, 'Fate on the way to the messenger.', 'none'))
  readonly status!: MessagePayload['delivery']['status'];

  @ApiProperty(orNull(text('Why it failed.', 'The customer has blocked the bot')))
  readonly error!: string | null;

  @ApiProperty(count('Attempts so far.', 0))
  readonly attempts!: number;

  @ApiProperty(orNull(time('When the messenger took it.')))
  readonly sent_at!: string | null;
}

@DescribeSchema({ description: 'A file or picture that came with a message.' })
class AttachmentDto {
  @ApiProperty(id('The file.'))
  readonly id!: string;

  @ApiProperty(text('What it is.', 'photo'))
  readonly kind!: string;

  @ApiProperty(orNull(text('File name.', 'screenshot.png')))
  readonly name!: string | null;

  @ApiProperty(orNull(text('Media type.', 'image/png')))
  readonly mime!: string | null;

  @ApiProperty(orNull(count('Size in bytes.', 48_213)))
  readonly size!: number | null;
}

/** A message or an internal note. */
@DescribeSchema({ description: 'A message, or an internal note.', example: EXAMPLE_MESSAGE })
export class MessageDto implements MessagePayload {
  @ApiProperty(id('The message.', EXAMPLE_MESSAGE.id))
  readonly id!: string;

  @ApiProperty(id('Its ticket.'))
  readonly ticket_id!: string;

  @ApiProperty(oneOf(AUTHOR_TYPES, 'Who wrote it.', 'customer'))
  readonly author_type!: MessagePayload['author_type'];

  @ApiProperty(orNull(id('The agent or subscriber who wrote it.', '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f')))
  readonly author_id!: string | null;

  @ApiProperty(orNull(text('The author’s name.', 'Ivan')))
  readonly author_name!: string | null;

  @ApiProperty(text('The text as it was given.', EXAMPLE_MESSAGE.text))
  readonly text!: string;

  @ApiProperty({ type: Boolean, description: 'Whether only the team sees it.', example: false })
  readonly internal!: boolean;

  @ApiProperty({ type: [AttachmentDto], description: 'Files and pictures.', example: [] })
  readonly attachments!: AttachmentDto[];

  @ApiProperty({ type: DeliveryDto, description: 'What became of it on the way to the messenger.' })
  readonly delivery!: DeliveryDto;

  @ApiProperty(time('When it was written.'))
  readonly created_at!: string;

  @ApiProperty(orNull(time('When it was last edited.')))
  readonly edited_at!: string | null;
}

/** A ticket with its latest messages. */
@DescribeSchema({
  description: 'A ticket with its latest messages.',
  example: { ...EXAMPLE_TICKET, messages: [EXAMPLE_MESSAGE], messages_next_cursor: null },
})
export class TicketDetailsDto extends TicketDto {
  @ApiProperty({ type: [MessageDto], description: 'The latest 100 messages and notes, oldest first.' })
  readonly messages!: MessageDto[];

  @ApiProperty(
    orNull(text('Cursor of `GET …/messages` to the older ones; null when all are here.', 'eyJrIjoibWVzc2FnZXMifQ')),
  )
  readonly messages_next_cursor!: string | null;
}

/** A stored message, and the ticket after it. */
@DescribeSchema({
  description: 'A stored message, and the ticket after it.',
  example: {
    ...EXAMPLE_REPLY,
    ticket: { ...EXAMPLE_TICKET, status: 'waiting', waiting_since: null, message_count: 2, version: 2 },
  },
})
export class AddedMessageDto extends MessageDto {
  @ApiProperty({ type: TicketDto, description: 'The ticket after the message.' })
  readonly ticket!: TicketDto;
}

@DescribeSchema({ description: 'One change of a ticket.' })
class HistoryItemDto {
  @ApiProperty(id('The line of history.'))
  readonly id!: string;

  @ApiProperty(time('When it happened.'))
  readonly at!: string;

  @ApiProperty({ type: ActorDto, description: 'Who did it.' })
  readonly actor!: ActorDto;

  @ApiProperty(text('What was done.', 'status_changed'))
  readonly action!: string;

  @ApiProperty(orNull(text('The field that changed.', 'status')))
  readonly field!: string | null;

  @ApiProperty(anyValue('What it was.', 'new'))
  readonly from!: unknown;

  @ApiProperty(anyValue('What it is.', 'waiting'))
  readonly to!: unknown;

  @ApiProperty(orNull(text('The request that did it.', 'req-12345678')))
  readonly request_id!: string | null;
}

@DescribeSchema({ description: 'One page of tickets.' })
export class TicketListDto extends listOf('tickets', TicketDto) {}

@DescribeSchema({ description: 'One page of messages.' })
export class MessageListDto extends listOf('messages', MessageDto) {}

@DescribeSchema({ description: 'One page of history.' })
export class HistoryListDto extends listOf('history', HistoryItemDto) {}

@DescribeSchema({ description: 'Why an action was not possible.' })
class BulkErrorDto {
  @ApiProperty(oneOf(Object.keys(ERROR_STATUS), 'What is wrong.', 'ticket_not_found'))
  readonly code!: string;

  @ApiProperty(text('What to do about it.', 'There is no ticket with this id.'))
  readonly message!: string;
}

@DescribeSchema({ description: 'What became of one ticket.' })
class BulkResultDto {
  @ApiProperty(id('The ticket.'))
  readonly ticket_id!: string;

  @ApiProperty({ type: Boolean, description: 'Whether the action was possible.', example: true })
  readonly ok!: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether the ticket changed.', example: true })
  readonly changed!: boolean;

  @ApiPropertyOptional({ type: BulkErrorDto, description: 'Why it was not possible.' })
  readonly error?: BulkErrorDto;
}

/** What became of a bulk action. */
@DescribeSchema({ description: 'What became of a bulk action.' })
export class BulkAnswerDto {
  @ApiProperty(count('Tickets that really changed.', 2))
  readonly affected!: number;

  @ApiProperty({ type: [BulkResultDto], description: 'One result per ticket, in the order of the request.' })
  readonly results!: BulkResultDto[];
}
