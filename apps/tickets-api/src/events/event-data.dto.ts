import { ApiProperty } from '@nestjs/swagger';
import {
  EXAMPLE_ACTOR,
  EXAMPLE_REPLY,
  EXAMPLE_TICKET,
  SLA_KINDS,
  SubscriptionCreated,
  TicketAssigned,
  TicketClosed,
  TicketCreated,
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
  FieldChange,
  SlaKind,
  SubscriptionEventData,
  TicketChangeEventData,
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
    [
      TicketStatusChanged,
      TicketAssigned,
      TicketClosed,
      TicketReopened,
      TicketPriorityChanged,
      TicketTagsChanged,
      TicketUpdated,
    ],
  ],
  [TicketSlaEventDto, [TicketSlaWarning, TicketSlaBreached]],
  [TicketUnansweredEventDto, [TicketUnanswered]],
  [SubscriptionEventDto, [SubscriptionCreated]],
];
