import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { EventCounters } from './event-counters';

/** A value of a gauge and what it belongs to. */
export interface GaugeValue {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The process's Prometheus metrics. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** What happens on the event path. */
  readonly events = new EventCounters(this.registry);

  private readonly http = new Histogram({
    name: 'helpdesk_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  /** Node's own figures, the event loop's lag among them. */
  collectDefaults(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts a finished request. The route is a pattern, so that ids do not become labels. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
  }

  /** Adds a gauge whose values are read when the metrics are asked for; a failing read leaves it out. */
  addGauge(
    name: string,
    help: string,
    read: () => Promise<readonly GaugeValue[]>,
    labelNames: readonly string[] = [],
  ): void {
    this.registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [],
        async collect() {
          this.reset();
          if (labelNames.length === 0) {
            // What has no labels is 0 after the reset, and 0 says something.
            this.remove();
          }
          const values = await read().catch(() => []);
          for (const { labels = {}, value } of values) {
            this.set(labels, value);
          }
        },
      }),
    );
  }
}
