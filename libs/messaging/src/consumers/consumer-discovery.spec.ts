import { Module } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { TicketClosed, TicketCreated } from '#contracts';
import { ConsumerDiscovery } from './consumer-discovery';
import { Consumes } from './consumes';
import type { EventConsumer } from './event-consumer';

@Consumes(TicketCreated, { queue: 'app.greet-customer' })
class GreetCustomer implements EventConsumer {
  async handle(): Promise<void> {}
}

@Consumes([TicketCreated, TicketClosed], { queue: 'app.count-tickets' })
class CountTickets implements EventConsumer {
  async handle(): Promise<void> {}
}

@Consumes(TicketClosed, { queue: 'app.greet-customer' })
class GreetAgain implements EventConsumer {
  async handle(): Promise<void> {}
}

@Consumes(TicketClosed, { queue: 'Greet customer' })
class BadlyNamed implements EventConsumer {
  async handle(): Promise<void> {}
}

class NoHandler {}
Consumes(TicketClosed, { queue: 'app.do-nothing' })(NoHandler as Type<EventConsumer>);

/** Inherits the consumer but says nothing of its own. */
class Derived extends GreetCustomer {}

const apps: Array<{ close(): Promise<void> }> = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function boot(...modules: ReadonlyArray<Type[]>): Promise<ConsumerDiscovery> {
  const imports = modules.map((providers) => {
    @Module({ providers })
    class Part {}
    return Part;
  });
  @Module({ imports: [DiscoveryModule, ...imports], providers: [ConsumerDiscovery] })
  class Root {}
  const app = await NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false });
  apps.push(app);
  return app.get(ConsumerDiscovery);
}

const bindings = (discovery: ConsumerDiscovery) =>
  discovery.subscriptions().map(({ consumer, events }) => [consumer, events.map(({ type }) => type)]);

describe('consumers', () => {
  it('are found in every module of the application, with their queues and types', async () => {
    const discovery = await boot([GreetCustomer, Derived], [CountTickets]);
    expect(bindings(discovery)).toEqual([
      ['app.greet-customer', ['ticket.created']],
      ['app.count-tickets', ['ticket.created', 'ticket.closed']],
    ]);
  });

  it('of two applications in one process have nothing to do with each other', async () => {
    const [first, second] = [await boot([GreetCustomer]), await boot([CountTickets])];
    expect(bindings(first)).toEqual([['app.greet-customer', ['ticket.created']]]);
    expect(bindings(second)).toEqual([['app.count-tickets', ['ticket.created', 'ticket.closed']]]);
  });

  it.each<[string, ReadonlyArray<Type[]>, string]>([
    ['two classes want one queue', [[GreetCustomer], [GreetAgain]], 'GreetCustomer and GreetAgain'],
    ['two modules declare one class', [[GreetCustomer], [GreetCustomer]], 'each class to one module'],
    ['a class has no handler', [[NoHandler]], 'NoHandler consumes "app.do-nothing" but has no method handle'],
    ['a queue has no proper name', [[BadlyNamed]], 'Write <app>.<verb-noun>'],
  ])('stop the boot when %s', async (_case, modules, message) => {
    await expect(boot(...modules)).rejects.toThrow(message);
  });
});
