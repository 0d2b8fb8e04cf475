import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { ProjectScope } from '#database';
import { DescribeRoute, Idempotent } from '#platform';
import { CurrentProject, MoveTestClock, ProjectApi } from '#projects';
import { ResetTestSide } from '#tickets';
import { MoveClockDto, ResetAnswerDto, TestClockDto } from './test-side.dto';
import { presentTestClock } from './test-side.presenter';

/** What integrators can do to their test side alone. */
@ApiTags('Test side')
@Controller('v1/test')
export class TestSideController {
  constructor(
    private readonly resetTestSide: ResetTestSide,
    private readonly moveTestClock: MoveTestClock,
  ) {}

  @Post('reset')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'resetTestSide',
    summary: 'Empty the test side',
    description:
      'Deletes the test side’s tickets, subscribers and events; numbers begin at 1 again, and the clock returns to now. Every cursor of its event log expires, and its event streams say `reset`. Only with a test key.',
    answer: { type: ResetAnswerDto, description: 'The test side is empty.' },
    errors: ['forbidden'],
  })
  async reset(@CurrentProject() project: ProjectScope): Promise<ResetAnswerDto> {
    await this.resetTestSide.execute(project);
    return { reset: true };
  }

  @Post('clock')
  @Idempotent()
  @ProjectApi('tickets:write')
  @DescribeRoute({
    operationId: 'moveTestClock',
    summary: 'Move the clock of the test side ahead',
    description:
      'The next request already sees the moved time. What has become due by it, such as `ticket.unanswered_24h`, `ticket.sla_warning` and `ticket.sla_breached`, happens within seconds. The clock never goes backwards; `POST /v1/test/reset` returns it to now. Rate limits, idempotency keys, retries and how long events are kept go by the real time. Only with a test key.',
    answer: { type: TestClockDto, description: 'The clock after the move.' },
    errors: ['forbidden'],
  })
  async moveClock(@CurrentProject() project: ProjectScope, @Body() body: MoveClockDto): Promise<TestClockDto> {
    return presentTestClock(await this.moveTestClock.execute(project, body.advance_seconds));
  }
}
