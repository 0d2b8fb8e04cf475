import { ApiProperty } from '@nestjs/swagger';
import { DescribeSchema, listOf } from '#platform';
import { ConfigurationObjectDto } from '../configuration.answer';
import type { TicketTypePayload } from './ticket-type.presenter';

@DescribeSchema({ description: 'A kind of tickets.' })
export class TicketTypeDto extends ConfigurationObjectDto implements TicketTypePayload {
  @ApiProperty({ type: String, description: 'What customers and agents see.', example: 'Bug' })
  readonly name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What belongs to it.',
    example: 'Something does not work as it should',
  })
  readonly description!: string | null;

  @ApiProperty({ type: 'integer', description: 'Its place in lists: the smallest comes first.', example: 10 })
  readonly sort_order!: number;

  @ApiProperty({ type: Boolean, description: 'Whether it can be given to tickets.', example: true })
  readonly enabled!: boolean;
}

@DescribeSchema({ description: 'One page of ticket types.' })
export class TicketTypeListDto extends listOf('ticket_types', TicketTypeDto) {}
