import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DescribeSchema } from '#platform';
import { MAX_REPORT_GROUPS } from '#sla';
import type { ClockNumbersPayload, CsatPayload, ReportGroupPayload, SlaReportPayload } from './sla-report.presenter';

const count = (description: string, example: number) => ({
  type: 'integer' as const,
  minimum: 0,
  description,
  example,
});
const seconds = (description: string, example: number) => ({ ...count(description, example), nullable: true });
const hours = (description: string, example: number) => ({
  type: 'integer' as const,
  minimum: 1,
  nullable: true,
  description,
  example,
});
const time = (description: string, example: string) => ({ type: String, format: 'date-time', description, example });

@DescribeSchema({ description: 'The thresholds of the service levels as they are now.' })
class ThresholdsDto {
  @ApiProperty(hours('Business hours until the first reply; null without a threshold.', 4))
  readonly first_reply_hours!: number | null;

  @ApiProperty(hours('Business hours until the close; null without a threshold.', 48))
  readonly resolve_hours!: number | null;
}

@DescribeSchema({ description: 'The time that a report tells of.' })
class PeriodDto {
  @ApiProperty(time('The first moment that counts.', '2026-11-01T00:00:00.000Z'))
  readonly from!: string;

  @ApiProperty(time('The first moment that does not count any more.', '2026-12-01T00:00:00.000Z'))
  readonly to!: string;
}

@DescribeSchema({ description: 'Tickets by the time at which they were opened and closed.' })
class TicketCountsDto {
  @ApiProperty(count('Tickets that were opened in the period.', 120))
  readonly created!: number;

  @ApiProperty(
    count(
      'Closed tickets whose close lies in the period; one that was closed again counts once, at its last close.',
      110,
    ),
  )
  readonly closed!: number;
}

@DescribeSchema({
  description:
    'How one service-level clock has done. Seconds are those of the tickets whose first reply, or close, lies in the period, whole and of every hour of the day; quantiles are nearest-rank ones.',
})
class ClockNumbersDto implements ClockNumbersPayload {
  @ApiProperty(seconds('The mean, rounded; null without a ticket.', 2520))
  readonly avg_seconds!: number | null;

  @ApiProperty(seconds('Half of the tickets took no longer; null without a ticket.', 1800))
  readonly median_seconds!: number | null;

  @ApiProperty(seconds('Nine of ten tickets took no longer; null without a ticket.', 7200))
  readonly p90_seconds!: number | null;

  @ApiProperty(count('Clocks that were met in the period.', 100))
  readonly met!: number;

  @ApiProperty(count('Broken clocks whose due time lies in the period.', 8))
  readonly breached!: number;

  @ApiProperty(count('Clocks that have begun in the period and still run.', 12))
  readonly pending!: number;
}

@DescribeSchema({ description: 'How many customers gave each rating.' })
class DistributionDto {
  @ApiProperty(count('Ratings of 1, the worst.', 1))
  readonly '1'!: number;

  @ApiProperty(count('Ratings of 2.', 2))
  readonly '2'!: number;

  @ApiProperty(count('Ratings of 3.', 5))
  readonly '3'!: number;

  @ApiProperty(count('Ratings of 4.', 20))
  readonly '4'!: number;

  @ApiProperty(count('Ratings of 5, the best.', 32))
  readonly '5'!: number;
}

@DescribeSchema({ description: 'What customers said of how their tickets were dealt with.' })
class CsatNumbersDto implements CsatPayload {
  @ApiProperty({
    type: Number,
    minimum: 1,
    maximum: 5,
    nullable: true,
    description: 'The mean rating with two decimals; null without ratings.',
    example: 4.33,
  })
  readonly avg!: number | null;

  @ApiProperty(count('Ratings of the period; a changed one counts once, as it is and when it was changed last.', 60))
  readonly count!: number;

  @ApiProperty(count('Questions that were asked in the period.', 110))
  readonly asked!: number;

  @ApiProperty({
    type: Number,
    minimum: 0,
    maximum: 1,
    nullable: true,
    description: 'Which part of these questions has been answered by now, with four decimals; null without questions.',
    example: 0.5455,
  })
  readonly response_rate!: number | null;

  @ApiProperty({ type: DistributionDto, description: 'The ratings by their value.' })
  readonly distribution!: DistributionDto;
}

class ReportNumbersDto {
  @ApiProperty({ type: TicketCountsDto, description: 'How many tickets there were.' })
  readonly tickets!: TicketCountsDto;

  @ApiProperty({ type: ClockNumbersDto, description: 'From the first customer message to the first reply.' })
  readonly first_reply!: ClockNumbersDto;

  @ApiProperty({ type: ClockNumbersDto, description: 'From the opening to the close.' })
  readonly resolve!: ClockNumbersDto;

  @ApiProperty({ type: CsatNumbersDto, description: 'What customers said.' })
  readonly csat!: CsatNumbersDto;
}

@DescribeSchema({ description: 'The numbers of one agent, channel, ticket type or day.' })
class ReportGroupDto extends ReportNumbersDto implements ReportGroupPayload {
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'The agent’s id, the channel, the ticket type’s id, or the date; null for tickets without an agent, or without a type. A ticket counts for the agent and the type that it has now.',
    example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071',
  })
  readonly key!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The agent’s or the ticket type’s name as it is now; null for other groups.',
    example: 'Olga',
  })
  readonly name!: string | null;
}

@DescribeSchema({ description: 'How a project has done in a period.' })
export class SlaReportDto extends ReportNumbersDto implements SlaReportPayload {
  @ApiProperty({ type: ThresholdsDto, description: 'The thresholds of now.' })
  readonly thresholds!: ThresholdsDto;

  @ApiProperty({ type: PeriodDto, description: 'The period that was asked for.' })
  readonly period!: PeriodDto;

  @ApiPropertyOptional({
    type: [ReportGroupDto],
    maxItems: MAX_REPORT_GROUPS,
    description: `With \`group_by\`: every group of which there is something to say, days in their order, others by name; of more than ${MAX_REPORT_GROUPS} those with the most tickets.`,
  })
  readonly groups?: ReportGroupDto[];
}
