import { Injectable } from '@nestjs/common';
import { DomainError, fieldError } from '#contracts';
import { UnitOfWork } from '#database';
import type { ProjectScope, Tx } from '#database';
import { Clock, ScanSignal } from '#platform';

/** The most that one move takes the clock ahead, in seconds: a year. */
export const MAX_ADVANCE_SECONDS = 31_536_000;

/** How far the clock of a test side may run ahead altogether, in seconds: ten years. The table says so, too. */
const MAX_OFFSET_SECONDS = 10 * MAX_ADVANCE_SECONDS;

/** A test side's clock after a move. */
export interface TestClock {
  readonly now: Date;
  /** How far it runs ahead of the real one. */
  readonly offsetSeconds: number;
}

/**
 * Moves the clock of a project's test side ahead. Whatever is asked of the side afterwards, of whichever process, sees the moved
 * time; what has become due by it happens at once, for the scans are woken. Moves that come together add up.
 */
@Injectable()
export class MoveTestClock {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly scans: ScanSignal,
  ) {}

  /**
   * @param seconds from 0 to {@link MAX_ADVANCE_SECONDS}.
   * @throws {DomainError} `forbidden` on the live side, `validation_failed` beyond ten years.
   */
  async execute(scope: ProjectScope, seconds: number): Promise<TestClock> {
    if (!scope.isTest) {
      throw new DomainError(
        'forbidden',
        'Only the clock of the test side can be moved: use the project’s zn_test_ key.',
      );
    }
    return this.uow.run(scope, async (tx) => {
      const clockOffsetMs = await move(tx, seconds);
      await this.scans.raise(tx);
      return { now: this.clock.now({ clockOffsetMs }), offsetSeconds: Math.floor(clockOffsetMs / 1000) };
    });
  }
}

async function move(tx: Tx, seconds: number): Promise<number> {
  const [moved] = await tx.query<{ offset: number }>({
    name: 'test-clock-move',
    text: `UPDATE project SET clock_offset_ms = clock_offset_ms + $2
           WHERE id = $1 AND clock_offset_ms + $2 <= $3 RETURNING clock_offset_ms AS offset`,
    values: [tx.scope.projectId, seconds * 1000, MAX_OFFSET_SECONDS * 1000],
  });
  if (!moved) {
    throw await tooFar(tx);
  }
  return moved.offset;
}

async function tooFar(tx: Tx): Promise<DomainError> {
  const [row] = await tx.query<{ offset: number }>({
    text: 'SELECT clock_offset_ms AS offset FROM project WHERE id = $1',
    values: [tx.scope.projectId],
  });
  const left = MAX_OFFSET_SECONDS - Math.ceil((row?.offset ?? 0) / 1000);
  return fieldError(
    'advance_seconds',
    'max',
    `The clock of a test side runs at most ${MAX_OFFSET_SECONDS} seconds ahead, and ${left} are left. Move it by no more, or set it back to now with POST /v1/test/reset.`,
  );
}
