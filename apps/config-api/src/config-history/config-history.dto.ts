import { ApiProperty } from '@nestjs/swagger';
import { ActorDto, decodeCursor, DescribeSchema, listOf, OneOf, PageQuery, Uuid } from '#platform';
import { CONFIG_OBJECT_TYPES } from '#settings';
import type { ConfigHistoryRequest, ConfigObjectType } from '#settings';
import type { ConfigHistoryPayload } from './config-history.presenter';

const EXAMPLE_OBJECT = '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071';

export class ConfigHistoryListQuery extends PageQuery {
  @OneOf(CONFIG_OBJECT_TYPES, { description: 'Changes of this kind of object alone.', example: 'ticket_type' })
  readonly object_type?: ConfigObjectType;

  @Uuid({
    description:
      'Changes of this object alone, those before it was deleted included. That of the settings has the project’s id.',
    example: EXAMPLE_OBJECT,
  })
  readonly object_id?: string;

  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toRequest(): ConfigHistoryRequest {
    this.assertOneWay();
    const { limit, offset, cursor, object_type: objectType, object_id: objectId } = this;
    const after = cursor === undefined ? undefined : decodeCursor('config-history', cursor, placeOf);
    return { limit, offset, after, objectType, objectId };
  }
}

function placeOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length === 1 && Number.isSafeInteger(value[0]) ? value : undefined;
}

/** A value of any field: of whatever kind, or nothing. */
const anyValue = (description: string, example: unknown) => ({
  description,
  example,
  anyOf: [
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'array', items: {} },
    { type: 'object', additionalProperties: true },
    { type: 'null' },
  ],
});

@DescribeSchema({ description: 'One change of the configuration.' })
class ConfigHistoryItemDto implements ConfigHistoryPayload {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The line of history.',
    example: '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69',
  })
  readonly id!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it happened.',
    example: '2026-11-24T09:30:00.000Z',
  })
  readonly at!: string;

  @ApiProperty({ type: ActorDto, description: 'Who did it.' })
  readonly actor!: ActorDto;

  @ApiProperty({
    type: String,
    enum: ['created', 'updated', 'deleted'],
    description: 'What was done to the object.',
    example: 'updated',
  })
  readonly action!: ConfigHistoryPayload['action'];

  @ApiProperty({
    type: String,
    enum: [...CONFIG_OBJECT_TYPES],
    description: 'What kind of object it is.',
    example: 'ticket_type',
  })
  readonly object_type!: ConfigObjectType;

  @ApiProperty({ type: String, format: 'uuid', description: 'The object.', example: EXAMPLE_OBJECT })
  readonly object_id!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The field that changed; null for an object that was made or deleted.',
    example: 'name',
  })
  readonly field!: string | null;

  @ApiProperty(anyValue('What it was: the field, or all fields of an object that was deleted.', 'Bug'))
  readonly from!: unknown;

  @ApiProperty(anyValue('What it is: the field, or all fields of an object that was made.', 'Defect'))
  readonly to!: unknown;

  @ApiProperty({ type: String, nullable: true, description: 'The request that did it.', example: 'req-12345678' })
  readonly request_id!: string | null;
}

@DescribeSchema({ description: 'One page of the configuration’s history.' })
export class ConfigHistoryListDto extends listOf('history', ConfigHistoryItemDto) {}
