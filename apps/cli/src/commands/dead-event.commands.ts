import { DomainError } from '#contracts';
import { DeadDeliveries } from '#messaging';
import type { DeadDelivery } from '#messaging';
import { isUuid } from '#platform';
import type { Command, Input, OptionSpec } from '../command-line/command';
import { required, UsageError } from '../command-line/command';
import { fields, table } from '../command-line/table';
import { runUseCase } from '../run-use-case';

const LIMIT = 100;
const MAX_AT_ONCE = 10_000;

const CONSUMER: OptionSpec = { kind: 'value', value: 'name', help: 'the consumer' };

const listDead: Command = {
  name: 'events dead list',
  summary: `List events that a consumer could not handle, the ${LIMIT} oldest`,
  options: { consumer: { ...CONSUMER, help: 'only of this consumer' } },
  example: 'helpdesk events dead list',
  async run(input, environment) {
    const request = { consumer: input.options['consumer'], limit: LIMIT };
    const dead = await runUseCase(environment(), (services) => services.get(DeadDeliveries).list(request));
    const rows = dead.map(toJson);
    return { json: { dead: rows }, text: table(rows, 'No event is dead.') };
  },
};

const showDead: Command = {
  name: 'events dead show',
  summary: 'Show a dead event with its content and the reason',
  args: ['event_id'],
  options: { consumer: { ...CONSUMER, required: true } },
  example: 'helpdesk events dead show 019bd3f2-6c00-7000-8000-1f2e3d4c5b6a --consumer notifier.queue-webhooks',
  async run(input, environment) {
    const { consumer, eventId } = deliveryOf(input);
    const dead = await runUseCase(environment(), (services) => services.get(DeadDeliveries).show(consumer, eventId));
    if (!dead) {
      throw notDead(consumer, eventId);
    }
    const json = { ...toJson(dead), event: dead.event };
    return { json, text: `${fields(toJson(dead))}\n\n${JSON.stringify(dead.event, null, 2)}` };
  },
};

const redrive: Command = {
  name: 'events dead redrive',
  summary: 'Give dead events to their consumer again, with all attempts before them',
  args: ['event_id?'],
  options: {
    consumer: { ...CONSUMER, help: 'the consumer; with --all only of this one' },
    all: { kind: 'flag', help: 'every dead event' },
  },
  example: 'helpdesk events dead redrive --all --consumer notifier.queue-webhooks',
  async run(input, environment) {
    const chosen = input.flags.has('all') ? undefined : deliveryOf(input);
    if (!chosen && input.args['event_id'] !== undefined) {
      throw new UsageError('Give an event or --all, not both.');
    }
    const redriven = await runUseCase(environment(), async (services) => {
      const deliveries = services.get(DeadDeliveries);
      const wanted = chosen
        ? [chosen]
        : await deliveries.list({ consumer: input.options['consumer'], limit: MAX_AT_ONCE });
      let count = 0;
      for (const { consumer, eventId } of wanted) {
        count += (await deliveries.redrive(consumer, eventId)) ? 1 : 0;
      }
      return count;
    });
    if (chosen && redriven === 0) {
      throw notDead(chosen.consumer, chosen.eventId);
    }
    return { json: { redriven }, text: `Given to their consumers again: ${redriven}` };
  },
};

const discard: Command = {
  name: 'events dead discard',
  summary: 'Give a dead event up',
  args: ['event_id'],
  options: { consumer: { ...CONSUMER, required: true } },
  example: 'helpdesk events dead discard 019bd3f2-6c00-7000-8000-1f2e3d4c5b6a --consumer notifier.queue-webhooks',
  async run(input, environment) {
    const { consumer, eventId } = deliveryOf(input);
    if (!(await runUseCase(environment(), (services) => services.get(DeadDeliveries).discard(consumer, eventId)))) {
      throw notDead(consumer, eventId);
    }
    return { json: { discarded: 1 }, text: 'Given up.' };
  },
};

/** The dead list by command line. */
export const DEAD_EVENT_COMMANDS: readonly Command[] = [listDead, showDead, redrive, discard];

function deliveryOf(input: Input): { readonly consumer: string; readonly eventId: string } {
  const delivery = { consumer: required(input, 'consumer'), eventId: required(input, 'event_id') };
  if (delivery.consumer === '' || delivery.eventId === '') {
    throw new UsageError('Name the event and its --consumer, or give --all.');
  }
  if (!isUuid(delivery.eventId)) {
    throw notDead(delivery.consumer, delivery.eventId);
  }
  return delivery;
}

function notDead(consumer: string, eventId: string): DomainError {
  return new DomainError(
    'not_found',
    `No event "${eventId}" of consumer "${consumer}" is dead. \`helpdesk events dead list\` shows those that are.`,
  );
}

function toJson(delivery: DeadDelivery): Record<string, unknown> {
  return {
    consumer: delivery.consumer,
    event_id: delivery.eventId,
    type: delivery.type,
    project_id: delivery.projectId,
    subject: delivery.aggregateId,
    attempts: delivery.attempts,
    reason: delivery.reason,
  };
}
