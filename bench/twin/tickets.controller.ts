import { Body, Controller, Header, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { OpenTicketDto } from './open-ticket.dto';
import { OPEN_TICKET } from './open-ticket.sql';

/** Opens tickets as little code as possible would: no keys, no rules, no log, one statement. */
@Controller('projects/:projectId/tickets')
export class TicketsController {
  constructor(private readonly pool: Pool) {}

  @Post()
  @Header('Content-Type', 'application/json; charset=utf-8')
  async open(@Param('projectId', ParseUUIDPipe) projectId: string, @Body() body: OpenTicketDto): Promise<string> {
    const ids = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    const { rows } = await this.pool.query<{ ticket: string }>({
      ...OPEN_TICKET,
      values: [projectId, ...ids, body.subject ?? null, body.text, body.channel ?? 'virtual', new Date()],
    });
    return rows[0]?.ticket ?? '';
  }
}
