import { Inject, Injectable } from '@nestjs/common';
import { MESSAGING_SETTINGS } from '../messaging-settings';
import type { MessagingSettings } from '../messaging-settings';
import type { RelayDuty } from '../observation/event-observer';
import { DutyLoop } from './duty-loop';
import type { Duty } from './duty-loop';
import { PositionGiver } from './position-giver';
import { Publisher } from './publisher';
import { RelaySignal } from './relay-signal';
import { WakeSignal } from './wake-signal';

/** Between two passes that give positions, so that events which are committed meanwhile share one, and the hand-over after it. */
const GATHER_MS = 4;

/**
 * Moves committed events on: into the log (a position) and to the transport. Every process runs one; of each duty one is active
 * at a time in the whole installation, and the others try again soon. The duties are apart, so that the log does not stand still
 * while a transport is slow or down; a transport in the same database is served with the first one, and the second finds only
 * what was left over.
 */
@Injectable()
export class Relay {
  private readonly placed = new WakeSignal();
  private readonly duties: readonly DutyLoop[];

  constructor(
    signal: RelaySignal,
    positions: PositionGiver,
    publisher: Publisher,
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
        duty('positions', GATHER_MS, () => positions.pass(() => this.placed.raise())),
        signal,
      ),
      new DutyLoop(
        duty('delivery', 0, () => publisher.pass()),
        this.placed,
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
}
