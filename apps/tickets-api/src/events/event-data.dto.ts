import { ApiProperty } from '@nestjs/swagger';
import {
  CSAT_REQUESTS,
  EXAMPLE_ACTOR,
  EXAMPLE_REPLY,
  EXAMPLE_TICKET,
  SLA_KINDS,
  SubscriptionCreated,
  TicketAssigned,
  TicketClosed,
  TicketCreated,
  TicketCsatReceived,
  TicketNoteAdded,
  TicketPriorityChanged,
  TicketReopened,
  TicketReplied,
  TicketSlaBreached,
  TicketSlaWarning,
  TicketStatusChanged,
  TicketTagsChanged,
  TicketUnanswered,
  TicketUpdated,
} from '#contracts';
import type {
  CsatRequest,
  FieldChange,
  SlaKind,
  SubscriptionEventData,
  TicketChangeEventData,
  TicketClosedEventData,
  TicketCsatEventData,
  TicketEventData,
  TicketMessageEventData,
  TicketSlaEventData,
  TicketUnansweredEventData,
} from '#contracts';
import { ActorDto, DescribeSchema } from '#platform';
import type { DescribedEvents } from '#platform';
import { SubscriberDto } from '../subscribers/subscriber.dto';
import { anyValue, count, MessageDto, oneOf, TicketDto, time } from '../tickets/ticket.answers';

@DescribeSchema({ description: 'One changed field.' })
class FieldChangeDto implements FieldChange {
  @ApiProperty(anyValue('What it was.', 'new'))
  readonly from!: unknown;

  @ApiProperty(anyValue('What it is.', 'in_progress'))
  readonly to!: unknown;
}

class TicketEventDto implements TicketEventData {
  @ApiProperty({ type: TicketDto, description: 'The ticket as it was after the event.', example: EXAMPLE_TICKET })
  readonly ticket!: TicketDto;

  @ApiProperty({ type: ActorDto, description: 'Who did it.', example: EXAMPLE_ACTOR })
  readonly actor!: ActorDto;
}

@DescribeSchema({ description: 'What an event about a message tells.', example: TicketReplied.example })
export class TicketMessageEventDto extends TicketEventDto implements TicketMessageEventData {
  @ApiProperty({ type: MessageDto, description: 'The message, or the note.', example: EXAMPLE_REPLY })
  readonly message!: MessageDto;
}

@DescribeSchema({ description: 'What an event about a change tells.', example: TicketStatusChanged.example })
export class TicketChangeEventDto extends TicketEventDto implements TicketChangeEventData {
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/FieldChangeDto' },
    description: 'The changed fields by their names.',
    example: TicketStatusChanged.example.changes,
  })
  readonly changes!: Readonly<Record<string, FieldChangeDto>>;
}

@DescribeSchema({ description: 'What the event about a close tells.', example: TicketClosed.example })
export class TicketClosedEventDto extends TicketChangeEventDto implements TicketClosedEventData {
  @ApiProperty(
    oneOf(CSAT_REQUESTS, 'Whether the customer is asked for a rating now. Of a virtual customer you ask.', 'requested'),
  )
  readonly csat!: CsatRequest;
}

@DescribeSchema({ description: 'What the event about a customer’s rating tells.', example: TicketCsatReceived.example })
export class TicketCsatEventDto extends TicketChangeEventDto implements TicketCsatEventData {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, description: 'The rating, 5 is the best.', example: 5 })
  readonly rating!: number;

  @ApiProperty({ type: String, nullable: true, description: 'The comment on it.', example: 'Quick and friendly' })
  readonly comment!: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether the ticket had a rating before.', example: false })
  readonly changed!: boolean;
}

@DescribeSchema({
  description: 'What an event about a ticket’s service-level clock tells.',
  example: TicketSlaBreached.example,
})
export class TicketSlaEventDto extends TicketEventDto implements TicketSlaEventData {
  @ApiProperty(oneOf(SLA_KINDS, 'Which clock.', 'first_reply'))
  readonly kind!: SlaKind;

  @ApiProperty(time('When it is broken unless it ends before.', TicketSlaBreached.example.due_at))
  readonly due_at!: string;
}

@DescribeSchema({
  description: 'What the event about a customer who waits for an answer tells.',
  example: TicketUnanswered.example,
})
export class TicketUnansweredEventDto extends TicketEventDto implements TicketUnansweredEventData {
  @ApiProperty(count('The project’s threshold, in hours.', 24))
  readonly threshold_hours!: number;

  @ApiProperty(time('Time of the oldest customer message without a public answer.'))
  readonly waiting_since!: string;

  @ApiProperty(count('Seconds since then.', TicketUnanswered.example.waited_seconds))
  readonly waited_seconds!: number;
}

@DescribeSchema({
  description: 'What an event about a customer’s subscription tells.',
  example: SubscriptionCreated.example,
})
export class SubscriptionEventDto implements SubscriptionEventData {
  @ApiProperty({
    type: SubscriberDto,
    description: 'The customer as a subscriber.',
    example: SubscriptionCreated.example.subscriber,
  })
  readonly subscriber!: SubscriberDto;

  @ApiProperty({ type: ActorDto, description: 'Who did it.', example: EXAMPLE_ACTOR })
  readonly actor!: ActorDto;
}

/** Classes that appear in the document only by reference. */
export const EVENT_DATA_PARTS = [FieldChangeDto];

/** Which class describes the `data` of which events. */
export const EVENT_DATA: DescribedEvents = [
  [TicketMessageEventDto, [TicketCreated, TicketReplied, TicketNoteAdded]],
  [
    TicketChangeEventDto,
    [TicketStatusChanged, TicketAssigned, TicketReopened, TicketPriorityChanged, TicketTagsChanged, TicketUpdated],
  ],
  [TicketClosedEventDto, [TicketClosed]],
  [TicketCsatEventDto, [TicketCsatReceived]],
  [TicketSlaEventDto, [TicketSlaWarning, TicketSlaBreached]],
  [TicketUnansweredEventDto, [TicketUnanswered]],
  [SubscriptionEventDto, [SubscriptionCreated]],
];
