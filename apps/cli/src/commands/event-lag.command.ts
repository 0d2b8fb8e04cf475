import { EventPath } from '#messaging';
import type { ConsumerStatus, EventPathStatus } from '#messaging';
import type { Command } from '../command-line/command';
import { UsageError } from '../command-line/command';
import { table } from '../command-line/table';
import { runUseCase } from '../run-use-case';

const MOST_SECONDS = 31_536_000;

/** How far events lag behind their changes; for a person, and with `--max-age` for a cron. */
export const lag: Command = {
  name: 'events lag',
  summary: 'Show what waits in the outbox and for each consumer, and for how long',
  options: {
    'max-age': { kind: 'value', value: 'seconds', help: 'exit with 1 when something has waited longer' },
  },
  example: 'helpdesk events lag --max-age 300',
  async run(input, environment) {
    const maxAge = secondsOf(input.options['max-age']);
    const status = await runUseCase(environment(), (services) => services.get(EventPath).status());
    return { json: toJson(status), text: report(status), failed: maxAge !== undefined && isLate(status, maxAge) };
  },
};

/** What nobody can look at is not in time either. */
function isLate({ oldestUnpublishedSeconds, consumers }: EventPathStatus, maxAge: number): boolean {
  return (
    oldestUnpublishedSeconds > maxAge ||
    consumers === null ||
    consumers.some(({ oldestPendingSeconds }) => oldestPendingSeconds > maxAge)
  );
}

function report(status: EventPathStatus): string {
  const { unpublished, oldestUnpublishedSeconds: oldest, consumers } = status;
  const outbox = `The outbox has ${unpublished} event(s) to publish${unpublished > 0 ? `, the oldest for ${Math.round(oldest)} s` : ''}.`;
  const rows = consumers?.map((one) => ({ ...consumerRow(one), waiting: one.waiting.join('/') }));
  return `${outbox}\n\n${rows ? table(rows, 'There is no consumer.') : 'RabbitMQ is not reachable: what waits for the consumers is not known.'}`;
}

function toJson({ unpublished, oldestUnpublishedSeconds, consumers }: EventPathStatus): Record<string, unknown> {
  return {
    outbox: { unpublished, oldest_seconds: Math.round(oldestUnpublishedSeconds) },
    consumers: consumers?.map(consumerRow) ?? null,
  };
}

function consumerRow({ consumer, pending, oldestPendingSeconds, waiting, dead }: ConsumerStatus) {
  return { consumer, pending, oldest_seconds: Math.round(oldestPendingSeconds), waiting, dead };
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (!(seconds <= MOST_SECONDS)) {
    throw new UsageError(`--max-age must be seconds, 0 to ${MOST_SECONDS}. "${text}" is not.`);
  }
  return seconds;
}
