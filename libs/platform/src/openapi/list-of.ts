import type { Type } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The envelope of every list, with the resource's plural as the key of its items. */
export interface ListEnvelope {
  /** How many there are in all; absent behind a cursor. */
  readonly total?: number;
  readonly limit: number;
  readonly offset: number;
  readonly next_cursor: string | null;
}

/** A class that describes the list answer of `item` in the API document. */
export function listOf(plural: string, item: Type): Type<ListEnvelope> {
  class List implements ListEnvelope {
    @ApiPropertyOptional({
      type: 'integer',
      minimum: 0,
      description: 'How many there are in all; absent behind a cursor.',
      example: 150,
    })
    readonly total?: number;

    @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, description: 'Most items of a page.', example: 50 })
    readonly limit!: number;

    @ApiProperty({
      type: 'integer',
      minimum: 0,
      description: 'Items that were skipped by `offset`; 0 behind a cursor.',
      example: 0,
    })
    readonly offset!: number;

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'Give it as `cursor` for the next page; null on the last one.',
      example: 'eyJrIjoidGlja2V0cyJ9',
    })
    readonly next_cursor!: string | null;
  }
  ApiProperty({ type: [item], description: 'The items of this page.' })(List.prototype, plural);
  return List;
}
