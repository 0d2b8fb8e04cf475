import { ApiProperty } from '@nestjs/swagger';
import { DescribeSchema, WholeNumber } from '#platform';
import { MAX_ADVANCE_SECONDS } from '#projects';

@DescribeSchema({ description: 'How far the clock of the test side is moved.' })
export class MoveClockDto {
  @WholeNumber({
    required: true,
    min: 0,
    max: MAX_ADVANCE_SECONDS,
    description: 'By how many seconds; 0 only tells the time. Altogether the clock runs at most ten years ahead.',
    example: 90_000,
  })
  readonly advance_seconds!: number;
}

@DescribeSchema({ description: 'The clock of the test side.' })
export class TestClockDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'The time on the test side.',
    example: '2026-11-25T10:30:00.000Z',
  })
  readonly now!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How far it is ahead of the real time.',
    example: 90_000,
  })
  readonly offset_seconds!: number;
}

@DescribeSchema({ description: 'That the test side is empty.' })
export class ResetAnswerDto {
  @ApiProperty({ type: Boolean, description: 'Whether the test side is empty now.', example: true })
  readonly reset!: boolean;
}
