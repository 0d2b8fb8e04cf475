import { Injectable } from '@nestjs/common';
import type { ConsumerStatus, EventTransport, Refusal } from '../event-transport';

/** Events delivered as rows of the database itself. */
@Injectable()
export class PostgresTransport implements EventTransport {
  async start(): Promise<void> {}

  async deliver(): Promise<readonly Refusal[]> {
    return [];
  }

  async stop(): Promise<void> {}

  async status(): Promise<readonly ConsumerStatus[]> {
    return [];
  }
}
