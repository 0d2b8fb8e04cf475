import type { RabbitMqOptions } from '../messaging-settings';

/** Where on the broker consumers are: a virtual host, and what names begin with there. */
export interface Place {
  readonly vhost: string;
  readonly prefix?: string;
}

/** A user with the password that it has got, which nobody can find out later. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The place that an address means. */
export function placeOf({ url, prefix }: RabbitMqOptions): Place {
  return { vhost: decodeURIComponent(new URL(url).pathname.slice(1)) || '/', prefix };
}

/** The broker's address for a user: as the product has it, so it may be another one from outside. Without credentials it names none. */
export function addressFor(rabbitmqUrl: string, credentials?: Credentials): string {
  const { protocol, host, pathname } = new URL(rabbitmqUrl);
  const login = credentials
    ? `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}@`
    : '';
  return `${protocol}//${login}${host}${pathname}`;
}
