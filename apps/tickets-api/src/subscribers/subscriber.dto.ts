import { ApiProperty } from '@nestjs/swagger';
import { CHANNELS } from '#contracts';
import type { Channel, SubscriberPayload } from '#contracts';
import { decodeCursor, DescribeSchema, isUuid, listOf, OneOf, PageQuery } from '#platform';
import type { SubscriberFilter } from '#subscribers';

export class SubscriberListQuery extends PageQuery {
  @OneOf(CHANNELS, { description: 'Only customers on this channel.', example: 'telegram' })
  readonly channel?: Channel;

  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toFilter(): SubscriberFilter {
    this.assertOneWay();
    const { channel, limit, offset, cursor } = this;
    return { channel, limit, offset, after: cursor === undefined ? undefined : decodeSubscriberCursor(cursor) };
  }
}

function decodeSubscriberCursor(cursor: string): NonNullable<SubscriberFilter['after']> {
  return decodeCursor('subscribers', cursor, (value) => {
    const { createdAt, id } = (value ?? {}) as Readonly<Record<string, unknown>>;
    return isUuid(id) && isIsoTime(createdAt) ? { createdAt, id } : undefined;
  });
}

/** Whether the text is what `toISOString` makes. */
function isIsoTime(value: unknown): value is string {
  const time = new Date(typeof value === 'string' ? value : Number.NaN);
  return !Number.isNaN(time.getTime()) && time.getUTCFullYear() > 0 && time.toISOString() === value;
}

const nullableText = (description: string, example: string | null) => ({
  type: String,
  nullable: true as const,
  description,
  example,
});

/** The subscriber object. */
@DescribeSchema({ description: 'A customer and the chat in which they are reached.' })
export class SubscriberDto implements SubscriberPayload {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The subscriber.',
    example: '019ab6c2-0001-7aaa-8bbb-0123456789ab',
  })
  readonly id!: string;

  @ApiProperty({ type: String, enum: [...CHANNELS], description: 'Where the customer is.', example: 'telegram' })
  readonly channel!: Channel;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The messenger’s chat; null for virtual customers.',
    example: 123456789,
  })
  readonly chat_id!: number | null;

  @ApiProperty(nullableText('Your own id of a virtual customer; null in messengers.', null))
  readonly external_id!: string | null;

  @ApiProperty(nullableText('The newest first name.', 'Ivan'))
  readonly first_name!: string | null;

  @ApiProperty(nullableText('The newest user name, without `@`.', 'ivan_p'))
  readonly username!: string | null;

  @ApiProperty(nullableText('Two-letter language (ISO 639-1) from the messenger.', 'ru'))
  readonly lang!: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether messages can reach the customer.', example: true })
  readonly reachable!: boolean;

  @ApiProperty({ type: [String], description: 'Tags of the subscriber.', example: [] })
  readonly tags!: string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the customer was first seen.',
    example: '2026-11-24T09:30:00.000Z',
  })
  readonly created_at!: string;
}

@DescribeSchema({ description: 'One page of subscribers.' })
export class SubscriberListDto extends listOf('subscribers', SubscriberDto) {}
