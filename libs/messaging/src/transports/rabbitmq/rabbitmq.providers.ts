import type { Provider } from '@nestjs/common';
import { DeadDeliveries } from '../../dead/dead-deliveries';
import { messagingSettings } from '../../messaging-settings';
import type { MessagingOptions } from '../../messaging-settings';
import { EVENT_TRANSPORT } from '../event-transport';
import { Broker } from './broker';
import { RabbitMqDeadDeliveries } from './rabbitmq-dead-deliveries';
import { RabbitMqTransport } from './rabbitmq-transport';
import { Topology } from './topology';

/** What the event path is made of when RabbitMQ carries the events. @throws {Error} when it is not said where RabbitMQ is. */
export function rabbitMqProviders({ rabbitmq, ...options }: Omit<MessagingOptions, 'transport'>): Provider[] {
  if (!rabbitmq) {
    throw new Error('The transport rabbitmq needs the address of RabbitMQ.');
  }
  const { retryDelaysMs } = messagingSettings(options);
  const topology = new Topology(retryDelaysMs, rabbitmq.prefix);
  return [
    { provide: Broker, useFactory: () => new Broker({ url: rabbitmq.url, topology }) },
    { provide: DeadDeliveries, useClass: RabbitMqDeadDeliveries },
    { provide: EVENT_TRANSPORT, useClass: RabbitMqTransport },
  ];
}
