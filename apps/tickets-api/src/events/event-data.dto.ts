import { ApiProperty } from '@nestjs/swagger';
import {
  EXAMPLE_ACTOR,
  EXAMPLE_REPLY,
  EXAMPLE_TICKET,
  SubscriptionCreated,
  TicketAssigned,
  TicketClosed,
  TicketCreated,
  TicketNoteAdded,
  TicketPriorityChanged,
  TicketReopened,
  TicketReplied,
  TicketStatusChanged,
  TicketTagsChanged,
  TicketUpdated,
} from '#contracts';
import type {
  FieldChange,
  SubscriptionEventData,
  TicketChangeEventData,
  TicketEventData,
  TicketMessageEventData,
} from '#contracts';
import { ActorDto, DescribeSchema } from '#platform';
import type { DescribedEvents } from '#platform';
import { SubscriberDto } from '../subscribers/subscriber.dto';
import { anyValue, MessageDto, TicketDto } from '../tickets/ticket.answers';

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
  [SubscriptionEventDto, [SubscriptionCreated]],
];
