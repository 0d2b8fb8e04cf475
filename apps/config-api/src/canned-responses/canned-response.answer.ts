import { ApiProperty } from '@nestjs/swagger';
import { DescribeSchema, listOf } from '#platform';
import { ConfigurationObjectDto } from '../configuration.answer';
import type { CannedResponsePayload } from './canned-response.presenter';

@DescribeSchema({ description: 'A prepared answer.' })
export class CannedResponseDto extends ConfigurationObjectDto implements CannedResponsePayload {
  @ApiProperty({ type: String, description: 'By which agents find it.', example: 'Delivery delayed' })
  readonly title!: string;

  @ApiProperty({
    type: String,
    description: 'The answer with its variables.',
    example: 'Hello {{first_name}}, your parcel is on its way.',
  })
  readonly text!: string;

  @ApiProperty({ type: String, nullable: true, description: 'By which agents insert it.', example: 'delay' })
  readonly shortcut!: string | null;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many replies of the live side have named it as their `canned_response_id`.',
    example: 12,
  })
  readonly used_count!: number;
}

@DescribeSchema({ description: 'One page of canned responses.' })
export class CannedResponseListDto extends listOf('canned_responses', CannedResponseDto) {}

@DescribeSchema({ description: 'A canned response, rendered for a ticket.' })
export class RenderedTextDto {
  @ApiProperty({
    type: String,
    description: 'The text with its variables filled in; those without a value are empty.',
    example: 'Hello Ivan, your parcel is on its way.',
  })
  readonly text!: string;
}
