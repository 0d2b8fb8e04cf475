import { Injectable } from '@nestjs/common';
import type { Tx } from '#database';
import { TicketTypeQuery } from '#settings';
import { SubscribeCustomer } from '#subscribers';
import type { NewTicket } from '../domain/open-ticket';
import type { CreateRequest } from './create-ticket.use-case';
import { together } from './together';

/** Turns what a command names into what a ticket holds: its type, and the customer's subscription. */
@Injectable()
export class NewTicketResolver {
  constructor(
    private readonly types: TicketTypeQuery,
    private readonly subscribe: SubscribeCustomer,
  ) {}

  /** Those of one customer one after the other, so that they find one subscriber; those of different customers together. */
  async resolveAll(tx: Tx, requests: readonly CreateRequest[]): Promise<NewTicket[]> {
    const lastOf = new Map<string, Promise<NewTicket>>();
    const resolving = requests.map(async (request) => {
      const customer = customerOf(request);
      const before = customer === null ? undefined : lastOf.get(customer);
      const input = before ? before.then(() => this.resolve(tx, request)) : this.resolve(tx, request);
      if (customer !== null) {
        lastOf.set(customer, input);
      }
      return input;
    });
    return together(resolving);
  }

  private async resolve(tx: Tx, { command, cause }: CreateRequest): Promise<NewTicket> {
    const { ticketTypeId, chatId, externalId } = command;
    const type = ticketTypeId === null ? null : await this.types.requireEnabled(tx, ticketTypeId);
    const isSubscriber = chatId !== null || externalId !== null;
    const subscriber = isSubscriber ? await this.subscribe.execute(tx, command, cause) : null;
    return { ...command, subscriberId: subscriber?.id ?? null, type };
  }
}

/** What tells one subscriber from another; null for virtual customers without an id, who are none. */
function customerOf({ command: { channel, chatId, externalId } }: CreateRequest): string | null {
  return chatId === null && externalId === null ? null : JSON.stringify([channel, chatId, externalId]);
}
