import { ApiProperty } from '@nestjs/swagger';
import { ASSIGNABLE_ROLES } from '#contracts';
import type { AgentPayload, MemberRole } from '#contracts';
import { decodeCursor, DescribeSchema, listOf, PageQuery } from '#platform';
import type { AgentPlace } from './agent.presenter';

export class AgentListQuery extends PageQuery {
  /**
   * The agent behind whom the page begins.
   * @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it.
   */
  after(): AgentPlace | undefined {
    this.assertOneWay();
    return this.cursor === undefined ? undefined : decodeCursor('agents', this.cursor, placeOf);
  }
}

function placeOf(value: unknown): AgentPlace | undefined {
  const { name, id } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof id === 'string' ? { name, id } : undefined;
}

@DescribeSchema({ description: 'A member who can be assigned.' })
class AgentDto implements AgentPayload {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The member.',
    example: '019ab6b0-11aa-7d3c-8e4f-0a1b2c3d4e5f',
  })
  readonly id!: string;

  @ApiProperty({ type: String, description: 'The name that customers see.', example: 'Olga' })
  readonly name!: string;

  @ApiProperty({ type: String, description: 'The e-mail address.', example: 'olga@example.com' })
  readonly email!: string;

  @ApiProperty({
    type: String,
    enum: [...ASSIGNABLE_ROLES],
    description: 'What the member may do.',
    example: 'support',
  })
  readonly role!: MemberRole;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Tickets of this side that are assigned to the member and not closed.',
    example: 3,
  })
  readonly open_tickets!: number;
}

@DescribeSchema({ description: 'One page of agents.' })
export class AgentListDto extends listOf('agents', AgentDto) {}
