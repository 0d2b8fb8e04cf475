import { ApiProperty } from '@nestjs/swagger';
import { DescribeSchema, Month } from '#platform';
import type { ReplyUsage } from '#tickets';

export class UsageQuery {
  @Month({ description: 'The month, in UTC. Default: this one.', example: '2026-11' })
  readonly month?: string;
}

@DescribeSchema({ description: 'The billed replies of one month.' })
export class UsageDto implements ReplyUsage {
  @ApiProperty({ type: String, pattern: '^\\d{4}-\\d{2}$', description: 'The month, in UTC.', example: '2026-11' })
  readonly month!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Billed replies of the month: public answers to messengers.',
    example: 118,
  })
  readonly replies!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'Most billed replies of a month; null without a quota.',
    example: 1000,
  })
  readonly quota!: number | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'Replies that are left; null without a quota.',
    example: 882,
  })
  readonly remaining!: number | null;
}
