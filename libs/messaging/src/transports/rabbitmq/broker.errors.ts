/** The broker cannot take messages now; a repeat may succeed. */
export class BrokerUnavailableError extends Error {
  constructor(message: string) {
    super(message);
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
