/** What the broker's management API could not do for us, and what to do about it. */
export class ManagementError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ManagementError';
  }

  /** Nothing answers there. */
  static unreachable(address: string, cause: unknown): ManagementError {
    return new ManagementError(
      `RabbitMQ's management API at ${address} does not answer (${reasonOf(cause)}). Correct RABBITMQ_MANAGEMENT_URL, or enable the API: rabbitmq-plugins enable rabbitmq_management`,
      cause,
    );
  }

  /** Something answers there that is no management API. */
  static alien(address: string, status: number): ManagementError {
    return new ManagementError(
      `What answers at ${address} (with status ${status}) is not RabbitMQ's management API. Correct RABBITMQ_MANAGEMENT_URL: its port is 15672 unless the operator has chosen another.`,
    );
  }

  /** It does not know the user, or the password is another. */
  static wrongLogin(address: string, user: string): ManagementError {
    return new ManagementError(
      `RabbitMQ's management API at ${address} refuses the user "${user}" or the password. Correct them in RABBITMQ_MANAGEMENT_URL.`,
    );
  }

  /** It knows the user, who may not do this. */
  static noRight(user: string, reason: string): ManagementError {
    return new ManagementError(
      `The user "${user}" of RABBITMQ_MANAGEMENT_URL may not look after users (${reason}). It needs the tag administrator: rabbitmqctl set_user_tags ${user} administrator`,
    );
  }

  /** It has refused one request. */
  static refused(request: string, status: number, reason: string): ManagementError {
    return new ManagementError(`RabbitMQ's management API has answered ${status} to ${request}: ${reason}`);
  }
}

function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error;
  const { code, message: fault = message } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return name === 'TimeoutError' ? 'no answer in time' : (code ?? fault);
}
