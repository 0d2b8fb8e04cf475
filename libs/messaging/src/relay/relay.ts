import { Inject, Injectable, Logger } from '@nestjs/common';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { RelayDuty } from '../observation/event-observer';
import { DutyLoop } from './duty-loop';
import type { Duty, PassResult } from './duty-loop';
import { HAND_OVER_LIMIT_MS, PositionGiver } from './position-giver';
import { Publisher } from './publisher';
import { RelaySignal } from './relay-signal';
import { WakeSignal } from './wake-signal';

/** Between two passes that give positions, so that events which are committed meanwhile share one, and the hand-over with it. */
const GATHER_MS = 4;

/**
 * Moves committed events on: into the log (a position) and to the transport. Every process runs one; of each duty one is active
 * at a time in the whole installation, and the others try again soon. Both go together, until the transport fails: then the log goes
 * on alone, and the other duty tries until the transport takes again what was left over.
 */
@Injectable()
export class Relay {
  private readonly logger = new Logger('event-path');
  private readonly left = new WakeSignal();
  private readonly duties: readonly DutyLoop[];
  /** False from a failure of the transport until it takes events again, as this process sees it. */
  private isTaking = true;

  constructor(
    signal: RelaySignal,
    private readonly positions: PositionGiver,
    private readonly publisher: Publisher,
    @Inject(MESSAGING_SETTINGS) { observer }: MessagingSettings,
  ) {
    const duty = (name: RelayDuty, gatherMs: number, pass: Duty['pass']): Duty => ({
      name: `relay.${name}`,
      gatherMs,
      pass,
      passed: (result) => observer.relayPassed(name, result),
    });
    this.duties = [
      new DutyLoop(
        duty('positions', GATHER_MS, () => this.place()),
        signal,
      ),
      new DutyLoop(
        duty('delivery', 0, () => this.deliver()),
        this.left,
      ),
    ];
  }

  start(): void {
    for (const duty of this.duties) {
      duty.start();
    }
  }

  /** Lets the passes that are under way end. */
  async stop(): Promise<void> {
    await Promise.all(this.duties.map((duty) => duty.stop()));
  }

  private async place(): Promise<PassResult> {
    const { result, left, error } = await this.positions.pass(this.isTaking);
    if (error !== undefined) {
      this.isTaking = false;
      const hint = 'Events keep going into the log. They are handed over when the transport takes them again.';
      this.logger.warn({ event: 'relay.apart', error: String(error), hint });
    }
    if (left > 0 && !this.isTaking) {
      this.left.raise();
    }
    return result;
  }

  /** Both go together again when the transport has taken something in the time that the log would wait for it. */
  private async deliver(): Promise<PassResult> {
    const begun = performance.now();
    try {
      const { result, taken } = await this.publisher.pass();
      this.isTaking ||= taken > 0 && performance.now() - begun < HAND_OVER_LIMIT_MS;
      return result;
    } catch (error) {
      this.isTaking = false;
      throw error;
    }
  }
}
