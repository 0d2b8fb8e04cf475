import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ConsumedEvent, EventObserver, Outcome, PublishFailure, RelayDuty, RelayPass } from '#messaging';

const REASONS: readonly PublishFailure[] = ['returned', 'nacked', 'unavailable', 'failed'];

/** From what a consumer needs when all is well up to the time that a handler may take. */
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** Counts what happens on the event path of this process. */
export class EventCounters implements EventObserver {
  private readonly consumedEvents: Counter<'consumer' | 'result'>;
  private readonly seconds: Histogram<'consumer'>;
  private readonly retries: Counter<'consumer' | 'rung'>;
  private readonly publishedEvents: Counter;
  private readonly failures: Counter<'reason'>;
  private readonly passes: Counter<'duty' | 'result'>;
  private readonly duties: Gauge<'duty'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.consumedEvents = new Counter({
      name: 'helpdesk_messages_processed_total',
      help: 'Attempts of a consumer at an event, by how they ended.',
      labelNames: ['consumer', 'result'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'helpdesk_message_duration_seconds',
      help: 'Time that an attempt of a consumer at an event took.',
      labelNames: ['consumer'],
      buckets: SECONDS,
      registers,
    });
    this.retries = new Counter({
      name: 'helpdesk_message_retries_total',
      help: 'Failed attempts after which the event went to a rung of the retry ladder.',
      labelNames: ['consumer', 'rung'],
      registers,
    });
    this.publishedEvents = new Counter({
      name: 'helpdesk_outbox_published_total',
      help: 'Events that the transport has taken from this process.',
      registers,
    });
    this.failures = new Counter({
      name: 'helpdesk_outbox_publish_failures_total',
      help: 'Events that the transport returned, and hand-overs that failed, by reason.',
      labelNames: ['reason'],
      registers,
    });
    for (const reason of REASONS) {
      // So that the first one is seen as a rise.
      this.failures.inc({ reason }, 0);
    }
    this.passes = new Counter({
      name: 'helpdesk_relay_passes_total',
      help: 'Passes of the relay by duty and result.',
      labelNames: ['duty', 'result'],
      registers,
    });
    this.duties = new Gauge({
      name: 'helpdesk_relay_duty',
      help: 'Whether this process had the duty of the relay in its last pass: 1 or 0.',
      labelNames: ['duty'],
      registers,
    });
  }

  consumed({ consumer, attempt, startedAt }: ConsumedEvent, { kind: result }: Outcome): void {
    this.consumedEvents.inc({ consumer, result });
    this.seconds.observe({ consumer }, (performance.now() - startedAt) / 1000);
    if (result === 'retry') {
      this.retries.inc({ consumer, rung: String(attempt) });
    }
  }

  published(events: number): void {
    this.publishedEvents.inc(events);
  }

  publishFailed(reason: PublishFailure, count: number): void {
    this.failures.inc({ reason }, count);
  }

  relayPassed(duty: RelayDuty, result: RelayPass): void {
    this.passes.inc({ duty, result });
    this.duties.set({ duty }, result === 'done' ? 1 : 0);
  }
}
