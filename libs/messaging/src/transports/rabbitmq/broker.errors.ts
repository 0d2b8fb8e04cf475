import { DeliveryError } from '../event-transport';

/** The broker cannot take messages now; a repeat may succeed. */
export class BrokerUnavailableError extends DeliveryError {
  constructor(message: string, failure: DeliveryError['failure'] = 'unavailable') {
    super(message, failure);
    this.name = 'BrokerUnavailableError';
  }
}

/** The broker is there, but does not let us in or lets us do nothing: a matter of configuration. */
export class BrokerRefusalError extends Error {
  constructor(cause: Error) {
    super(
      `RabbitMQ refuses the user, the password or the virtual host of RABBITMQ_URL (${cause.message}). Correct it, or give that user its rights.`,
      { cause },
    );
    this.name = 'BrokerRefusalError';
  }

  /** Whether a failed connection was refused, and not merely not made. */
  static isRefusal(error: Error): boolean {
    return /ACCESS[-_]REFUSED|NOT[-_]ALLOWED|got <ConnectionClose/.test(error.message);
  }
}

/** Something that events need does not exist on the broker, and the broker does not let us make it. */
export class MissingTopologyError extends Error {
  constructor(name: string, cause: Error) {
    super(
      `RabbitMQ has no "${name}" and does not let us make it (${cause.message}). Give the user of RABBITMQ_URL the right to configure it, or make it.`,
      { cause },
    );
    this.name = 'MissingTopologyError';
  }
}
