import type { TestClock } from '#projects';
import type { TestClockDto } from './test-side.dto';

/** The clock of a test side, as the API shows it. */
export function presentTestClock({ now, offsetSeconds }: TestClock): TestClockDto {
  return { now: now.toISOString(), offset_seconds: offsetSeconds };
}
