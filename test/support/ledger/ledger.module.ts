import { Injectable, Logger, Module } from '@nestjs/common';
import { EVENT_CATALOGUE } from '#contracts';
import type { EventEnvelope } from '#contracts';
import { Consumes } from '#messaging';
import type { ConsumeContext, EventConsumer } from '#messaging';
import { recordEffect } from './ledger-table';
import type { LedgerConsumer } from './ledger-table';

const logger = new Logger('ledger');

/** The type of events at which the first consumer fails once, after its effect. */
const FAILS_AT = process.env['LEDGER_FAILS_AT'];

/** Says that the work on an event begins: a line that stays even when the work is rolled back. */
async function record(consumer: LedgerConsumer, event: EventEnvelope, { tx, attempt }: ConsumeContext): Promise<void> {
  logger.log({ event: 'ledger.began', consumer, event_id: event.id, attempt });
  await recordEffect(tx, consumer, event);
}

/** Writes every event into the ledger, those of a transaction side by side. */
@Injectable()
@Consumes(EVENT_CATALOGUE, { queue: 'ledger.first', sideBySide: true })
export class FirstLedgerOnEvents implements EventConsumer {
  async handle(event: EventEnvelope, context: ConsumeContext): Promise<void> {
    await record('ledger.first', event, context);
    if (event.type === FAILS_AT && context.attempt === 1) {
      throw new Error('The ledger fails once, as it was told to.');
    }
  }
}

/** Writes every event into the ledger too, independently of the first, one after the other. */
@Injectable()
@Consumes(EVENT_CATALOGUE, { queue: 'ledger.second' })
export class SecondLedgerOnEvents implements EventConsumer {
  async handle(event: EventEnvelope, context: ConsumeContext): Promise<void> {
    await record('ledger.second', event, context);
  }
}

/** An app of the tests: two consumers of every event, whose effects can be counted. */
@Module({ providers: [FirstLedgerOnEvents, SecondLedgerOnEvents] })
export class LedgerModule {}
