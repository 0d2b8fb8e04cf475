import { DomainError } from '#contracts';
import { ForeignConsumers, placeOf } from '#messaging';
import type { Place } from '#messaging';
import type { Environment } from '#platform';

/** The broker that carries the events. */
export interface FoundBroker {
  /** As the environment has it, with the product's own credentials. */
  readonly url: string;
  readonly place: Place;
}

/** @throws {DomainError} `conflict` when no broker carries the events: other companies then have other ways. */
export function findBroker({ EVENT_TRANSPORT, RABBITMQ_URL: url, RABBITMQ_PREFIX: prefix }: Environment): FoundBroker {
  if (EVENT_TRANSPORT !== 'rabbitmq' || url === undefined) {
    throw new DomainError(
      'conflict',
      'Events of this installation do not go over RabbitMQ (EVENT_TRANSPORT is postgres), so nobody can take them from there. ' +
        'Set RABBITMQ_URL, or let the other side read the event log with an API key: GET /v1/helpdesk/events, or /v1/helpdesk/events/stream.',
    );
  }
  return { url, place: placeOf({ url, prefix }) };
}

/** The consumers on the broker that carries the events. @throws {DomainError} `conflict` without one, or without its management API. */
export function findConsumers(environment: Environment): ForeignConsumers {
  const { url } = findBroker(environment);
  const { RABBITMQ_MANAGEMENT_URL: managementUrl, RABBITMQ_PREFIX: prefix } = environment;
  if (managementUrl === undefined) {
    throw new DomainError(
      'conflict',
      'RABBITMQ_MANAGEMENT_URL is not set: RabbitMQ lets users be made over its management API alone. Set it, for example ' +
        'RABBITMQ_MANAGEMENT_URL=http://admin:secret@mq.example.com:15672. Where there is no such API, add, remove and rotate-password ' +
        'take --print, and print what to run on the broker’s machine.',
    );
  }
  return new ForeignConsumers(managementUrl, { url, prefix });
}
