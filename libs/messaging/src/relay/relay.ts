import { Inject, Injectable, Logger } from '@nestjs/common';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { RelayDuty } from '../observation/event-observer';
import { DutyLoop } from './duty-loop';
import type { Duty, PassResult } from './duty-loop';
import { PositionGiver } from './position-giver';
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
  /** False from the first failure of the transport to its next success, as this process sees it. */
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
    if (left > 0 && !(this.isTaking && (await this.deliversAll()))) {
      this.left.raise();
    }
    return result;
  }

  private async deliver(): Promise<PassResult> {
    const result = await this.publisher.pass();
    if (result !== 'busy') {
      this.isTaking = true;
    }
    return result;
  }

  /** Hands over what is left over, here, so that the next events find nothing that they must not overtake. */
  private async deliversAll(): Promise<boolean> {
    try {
      return (await this.deliver()) === 'idle';
    } catch {
      // The other loop meets the same, and says so.
      this.isTaking = false;
      return false;
    }
  }
}
