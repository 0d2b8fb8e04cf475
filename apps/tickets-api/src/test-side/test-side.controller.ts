import { Controller, Post } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute, DescribeSchema, Idempotent } from '#platform';
import { CurrentProject, ProjectApi } from '#projects';
import { ResetTestSide } from '#tickets';

@DescribeSchema({ description: 'That the test side is empty.' })
class ResetAnswerDto {
  @ApiProperty({ type: Boolean, description: 'Whether the test side is empty now.', example: true })
  readonly reset!: boolean;
}

/** What integrators can do to their test side alone. */
@ApiTags('Test side')
@Controller('v1/test')
export class TestSideController {
  constructor(private readonly resetTestSide: ResetTestSide) {}

  @Post('reset')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'resetTestSide',
    summary: 'Empty the test side',
    description:
      'Deletes the test side’s tickets, subscribers and events; numbers begin at 1 again, and the clock returns to now. Only with a test key.',
    answer: { type: ResetAnswerDto, description: 'The test side is empty.' },
    errors: ['forbidden'],
  })
  async reset(@CurrentProject() project: ProjectScope): Promise<ResetAnswerDto> {
    await this.resetTestSide.execute(project);
    return { reset: true };
  }
}
