import type { TransportHarness } from './transport-harness';
import { describeBatches } from './scenarios/batch.scenarios';
import { describeDelivery } from './scenarios/delivery.scenarios';
import { describeFailures } from './scenarios/failure.scenarios';
import { describeHandling } from './scenarios/handling.scenarios';
import { describeLifecycle } from './scenarios/lifecycle.scenarios';
import { describeObservation } from './scenarios/observation.scenarios';
import { describeReplay } from './scenarios/replay.scenarios';

/** What every transport promises, whatever carries its events. A new transport passes this unchanged. */
export function describeTransport(name: string, harness: TransportHarness): void {
  describe(`events over ${name}`, () => {
    describeDelivery(harness);
    describeHandling(harness);
    describeBatches(harness);
    describeFailures(harness);
    describeLifecycle(harness);
    describeObservation(harness);
    describeReplay(harness);
  });
}
