import { UnitOfWork } from '#database';
import type { ProjectScope } from '#database';
import { Outbox, RelaySignal } from '#messaging';
import { Clock } from '#platform';
import { HelpdeskSettingsQuery, TicketTypeQuery } from '#settings';
import { SubscribeCustomer } from '#subscribers';
import type { TestDatabase } from '#testing';
import { CreateTicket } from './create-ticket/create-ticket.use-case';
import type { CreateTicketCommand } from './create-ticket/create-ticket.use-case';
import { NewTicketResolver } from './create-ticket/new-ticket-resolver';
import { openTicket } from './domain/open-ticket';
import type { Ticket } from './domain/ticket';
import type { RevisionSettings } from './domain/ticket-revision';
import { FindTickets } from './find-tickets/find-tickets.query';
import { TicketRepository } from './persistence/ticket.repository';

const ACTOR = { type: 'key', id: null, name: 'zn_live_test' } as const;

/** Settings under which tickets have no clocks, and nobody is asked for a rating. */
export const NO_THRESHOLDS: RevisionSettings = {
  slaFirstReplyHours: null,
  slaResolveHours: null,
  timezone: 'UTC',
  businessHours: null,
  slaChangedAt: null,
  helpdeskUnansweredHours: null,
  csatEnabled: false,
  csatExpireDays: 7,
};

/** A virtual customer's ticket, but for what is given. */
export function aCommand(given: Partial<CreateTicketCommand> = {}): CreateTicketCommand {
  return {
    actor: ACTOR,
    source: 'api',
    text: 'Help',
    subject: null,
    channel: 'virtual',
    chatId: null,
    externalId: null,
    firstName: null,
    username: null,
    ticketTypeId: null,
    ...given,
  };
}

/** The use cases of this lib as one process has them, on a test's database. */
export function ticketsOn(db: TestDatabase) {
  const uow = new UnitOfWork(db.database);
  const outbox = new Outbox(new RelaySignal());
  const tickets = new TicketRepository(outbox);
  const settings = new HelpdeskSettingsQuery();
  const resolver = new NewTicketResolver(new TicketTypeQuery(), new SubscribeCustomer(outbox));
  return {
    uow,
    tickets,
    createTicket: new CreateTicket(uow, settings, resolver, tickets, new Clock()),
    findTickets: new FindTickets(uow),
    /** Stores tickets as they are given, past the use cases: for lists of every kind of ticket. */
    store: async (scope: ProjectScope, given: ReadonlyArray<Partial<Ticket> & { readonly text?: string }>) =>
      uow.run(scope, async (tx) => {
        const first = await tickets.takeNumbers(tx, given.length);
        const opened = given.map(({ text = 'Help', ...fields }, index) => {
          const cause = { actor: ACTOR, at: fields.createdAt ?? new Date() };
          const input = { ...aCommand({ text }), subject: fields.subject ?? null, subscriberId: null, type: null };
          const { ticket, ...rest } = openTicket({ scope, settings: NO_THRESHOLDS, cause }, first + index, input);
          return { ...rest, ticket: { ...ticket, ...fields }, cause };
        });
        await tickets.insert(tx, opened, (index) => opened[index]?.cause ?? { actor: ACTOR, at: new Date() });
        return opened.map(({ ticket }) => ticket);
      }),
  };
}
