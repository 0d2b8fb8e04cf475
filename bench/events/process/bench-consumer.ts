import { Injectable, Module } from '@nestjs/common';
import { TicketUpdated } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { Consumes } from '#messaging';
import type { ConsumeContext, EventConsumer } from '#messaging';
import { EFFECT } from '../event-database';
import { CONSUMER } from '../events';
import { machineTime } from './messages';
import type { Moment } from './messages';

/** Writes a row for each event, and remembers when. */
@Injectable()
@Consumes(TicketUpdated, { queue: CONSUMER, sideBySide: true })
export class WriteEffectOnEvent implements EventConsumer {
  private readonly begun = new Map<string, number>();
  private readonly done: Moment[] = [];

  async handle(event: EventEnvelope, { tx }: ConsumeContext): Promise<void> {
    const key = `${event.subject} ${event.sequence}`;
    this.begun.set(key, this.begun.get(key) ?? machineTime());
    tx.afterCommit(() => this.done.push({ key, at: machineTime() }));
    await tx.query({ ...EFFECT, values: [event.id, event.projectid] });
  }

  /** What has happened since the last time. */
  take(): { readonly begun: readonly Moment[]; readonly done: readonly Moment[] } {
    const begun = [...this.begun].map(([key, at]) => ({ key, at }));
    this.begun.clear();
    return { begun, done: this.done.splice(0) };
  }
}

/** The app of the benchmark's consumer. */
@Module({ providers: [WriteEffectOnEvent] })
export class BenchConsumerModule {}
