import type { EventStreams } from '../http/event-stream/event-streams';
import type { Metrics } from './metrics';

/** A gauge of the readers that are connected. */
export function addEventStreamMetrics(metrics: Metrics, streams: Pick<EventStreams, 'count'>): void {
  metrics.addGauge('helpdesk_event_streams', 'Event streams that are open.', async () => [{ value: streams.count }]);
}
