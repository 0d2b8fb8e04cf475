import { Injectable } from '@nestjs/common';
import type { Tx } from '#database';
import { TicketTypeQuery } from '#settings';
import { SubscribeCustomer } from '#subscribers';
import type { NewTicket } from '../domain/open-ticket';
import type { CreateRequest } from './create-ticket.use-case';

/** Turns what a command names into what a ticket holds: its type, and the customer's subscription. */
@Injectable()
export class NewTicketResolver {
  constructor(
    private readonly types: TicketTypeQuery,
    private readonly subscribe: SubscribeCustomer,
  ) {}

  /** One after the other: two tickets of one new customer find one subscriber. */
  async resolveAll(tx: Tx, requests: readonly CreateRequest[]): Promise<NewTicket[]> {
    const inputs: NewTicket[] = [];
    for (const request of requests) {
      inputs.push(await this.resolve(tx, request));
    }
    return inputs;
  }

  private async resolve(tx: Tx, { command, cause }: CreateRequest): Promise<NewTicket> {
    const { ticketTypeId, chatId, externalId } = command;
    const type = ticketTypeId === null ? null : await this.types.requireEnabled(tx, ticketTypeId);
    const isSubscriber = chatId !== null || externalId !== null;
    const subscriber = isSubscriber ? await this.subscribe.execute(tx, command, cause) : null;
    return { ...command, subscriberId: subscriber?.id ?? null, type };
  }
}
