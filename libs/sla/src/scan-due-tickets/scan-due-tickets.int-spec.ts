import type { SlaProcess } from '../sla-under-test-spec';
import { SlaScene } from '../sla-under-test-spec';

const HOUR_MS = 3_600_000;

let scene: SlaScene;
let one: SlaProcess;

beforeAll(async () => {
  scene = await SlaScene.open();
  one = await scene.launch();
});
beforeEach(() => scene.beginProject());
afterAll(() => scene.close());

describe('a scan', () => {
  it('warns and breaks each clock once, however often it comes', async () => {
    await scene.set({ sla_first_reply_hours: 4, sla_resolve_hours: 10 });
    const ticket = await one.open(scene.sides.test);
    await one.scan();
    expect(await scene.told(ticket)).toEqual([]);

    await scene.advance(3.5);
    expect(await one.scan()).toEqual({ sla_settings: 0, sla_marks: 1, unanswered: 0, csat_expiry: 0 });
    await one.scan();
    expect(await scene.told(ticket)).toEqual(['ticket.sla_warning first_reply']);

    await scene.advance(8);
    await one.scan();
    await one.scan();
    expect(await scene.told(ticket)).toEqual([
      'ticket.sla_warning first_reply',
      'ticket.sla_breached first_reply',
      'ticket.sla_breached resolve',
    ]);
    expect(await scene.ticket(ticket)).toMatchObject({
      sla_first_reply_status: 'breached',
      sla_resolve_status: 'breached',
      sla_next_at: null,
      version: 3,
      event_seq: 4,
    });
    const history = await scene.db.sql(
      `SELECT action, field, actor_type FROM ticket_history WHERE ticket_id = $1 AND action <> 'created' ORDER BY at, field`,
      [ticket],
    );
    expect(history).toEqual([
      { action: 'sla_warning', field: 'sla.first_reply', actor_type: 'system' },
      { action: 'sla_breached', field: 'sla.first_reply', actor_type: 'system' },
      { action: 'sla_breached', field: 'sla.resolve', actor_type: 'system' },
    ]);
  });

  it('goes by the clock of each side', async () => {
    await scene.set({ sla_first_reply_hours: 4, helpdesk_unanswered_hours: 12 });
    const live = await one.open(scene.sides.live);
    const test = await one.open(scene.sides.test);
    await scene.advance(13);
    await one.scan();
    expect(await scene.told(live)).toEqual([]);
    expect(await scene.told(test)).toEqual(['ticket.sla_breached first_reply', 'ticket.unanswered_24h']);
    const [time] = await scene.db.sql<{ ahead: number }>(
      `SELECT extract(epoch FROM updated_at - now())::float8 AS ahead FROM ticket WHERE id = $1`,
      [test],
    );
    expect(time?.ahead).toBeGreaterThan(12.9 * 3_600);
  });

  it('leaves a helpdesk that is off alone until it is on again', async () => {
    await scene.set({ sla_first_reply_hours: 4 });
    const ticket = await one.open(scene.sides.test);
    await scene.set({ helpdesk_enabled: false });
    await scene.advance(5);
    expect(await one.scan()).toEqual({ sla_settings: 0, sla_marks: 0, unanswered: 0, csat_expiry: 0 });
    await scene.set({ helpdesk_enabled: true });
    await one.scan();
    expect(await scene.told(ticket)).toEqual(['ticket.sla_breached first_reply']);
  });

  it('passes over a ticket that somebody has in hand, and finds it later as it is then', async () => {
    await scene.set({ sla_first_reply_hours: 4 });
    const tickets = [await one.open(scene.sides.test), await one.open(scene.sides.test)];
    await scene.advance(5);
    await scene.db.database.app.transaction(async (manager) => {
      const { projectId } = scene.sides.test;
      await manager.query(`SELECT set_config('app.project_id', $1, true)`, [projectId]);
      await manager.query('SELECT FROM ticket WHERE id = $1 FOR UPDATE', [tickets[0]]);
      expect(await one.scan()).toMatchObject({ sla_marks: 1 });
    });
    expect(await one.scan()).toMatchObject({ sla_marks: 1 });
    for (const ticket of tickets) {
      expect(await scene.told(ticket)).toEqual(['ticket.sla_breached first_reply']);
    }
  });

  it('stops when it is told to', async () => {
    await scene.set({ sla_first_reply_hours: 4 });
    await one.open(scene.sides.test);
    await scene.advance(5);
    expect(await one.scan(AbortSignal.abort())).toMatchObject({ sla_marks: 0 });
  });
});

describe('a customer whom nobody answers', () => {
  beforeEach(() => scene.set({ helpdesk_unanswered_hours: 24 }));

  it('is told of once in each time of waiting, counted from the last message', async () => {
    const { test } = scene.sides;
    const ticket = await one.open(test);
    const later = await scene.advance(20);
    await one.write(later, ticket);
    await scene.advance(23);
    await one.scan();
    expect(await scene.told(ticket)).toEqual([]);

    const muchLater = await scene.advance(2);
    await one.scan();
    await one.scan();
    const [alert, ...others] = await scene.alerts(ticket);
    expect(others).toEqual([]);
    const [created] = await scene.db.sql<{ at: Date }>('SELECT created_at AS at FROM ticket WHERE id = $1', [ticket]);
    expect(alert).toMatchObject({ type: 'ticket.unanswered_24h', waiting_since: created?.at.toISOString() });

    await one.write(muchLater, ticket);
    await scene.advance(30);
    await one.scan();
    expect(await scene.told(ticket)).toHaveLength(1);
    await one.reply(await scene.advance(0), ticket);
    await one.write(await scene.advance(1), ticket);
    await scene.advance(25);
    await one.scan();
    expect(await scene.told(ticket)).toHaveLength(2);
  });

  it('is none when it is the customer’s turn, or the ticket is closed, or nobody wants to know', async () => {
    const { test } = scene.sides;
    const [answered, closed, waiting] = [await one.open(test), await one.open(test), await one.open(test)];
    await one.reply(test, answered);
    await one.setStatus(test, closed, 'closed');
    await scene.advance(100);
    await scene.set({ helpdesk_unanswered_hours: null });
    await one.scan();
    await scene.set({ helpdesk_unanswered_hours: 48 });
    await one.scan();
    expect([await scene.told(answered), await scene.told(closed), await scene.told(waiting)]).toEqual([
      [],
      [],
      ['ticket.unanswered_24h'],
    ]);
  });
});

describe('a question for a rating that nobody answers', () => {
  it('is ended once after its time, by whichever process, with history and without an event', async () => {
    await scene.set({ csat_enabled: true, csat_expire_days: 2 });
    const { live, test } = scene.sides;
    const tickets = await Promise.all(Array.from({ length: 230 }, () => one.open(test)));
    const [onLive, reopened, ...asked] = [await one.open(live), ...tickets] as [string, string, ...string[]];
    await one.setStatus(live, onLive, 'closed');
    await Promise.all(tickets.map((ticket) => one.setStatus(test, ticket, 'closed')));
    await one.setStatus(test, reopened, 'in_progress');
    await scene.advance(47);
    expect(await one.scan()).toMatchObject({ csat_expiry: 0 });
    await scene.advance(1.5);
    const other = await scene.launch();
    const scans = await Promise.all([one.scan(), other.scan(), one.scan(), other.scan()]);
    expect(scans.reduce((sum, { csat_expiry }) => sum + csat_expiry, 0)).toBe(asked.length);

    const states = await scene.db.sql(
      `SELECT t.csat_status, t.version, t.event_seq, count(*)::int AS tickets,
         (SELECT count(*)::int FROM ticket_history h WHERE h.ticket_id = ANY (array_agg(t.id)) AND h.action = 'csat_expired') AS lines
       FROM ticket t WHERE t.project_id = ANY ($1) GROUP BY 1, 2, 3 ORDER BY 1`,
      [[live.projectId, test.projectId]],
    );
    expect(states).toEqual([
      { csat_status: 'expired', version: 3, event_seq: 3, tickets: asked.length, lines: asked.length },
      { csat_status: 'requested', version: 2, event_seq: 3, tickets: 1, lines: 0 },
      { csat_status: 'withdrawn', version: 3, event_seq: 5, tickets: 1, lines: 0 },
    ]);
  });
});

describe('changed settings', () => {
  it('move the clocks of all open tickets, batch after batch, and of no closed one', async () => {
    const { test } = scene.sides;
    await scene.set({ sla_resolve_hours: 10 });
    const tickets = await Promise.all(Array.from({ length: 420 }, () => one.open(test)));
    const [closed] = tickets as [string];
    await one.setStatus(test, closed, 'closed');
    await scene.set({ sla_resolve_hours: 5, sla_first_reply_hours: 1 });
    expect(await one.scan()).toEqual({ sla_settings: 419, sla_marks: 0, unanswered: 0, csat_expiry: 0 });
    expect(await one.scan()).toEqual({ sla_settings: 0, sla_marks: 0, unanswered: 0, csat_expiry: 0 });
    const left = await scene.db.sql(
      `SELECT id FROM ticket WHERE project_id = $1 AND (sla_resolve_due_at <> created_at + interval '5 hours'
         OR sla_first_reply_due_at IS DISTINCT FROM created_at + interval '1 hour')`,
      [test.projectId],
    );
    expect(left).toEqual([{ id: closed }]);
  });

  it('are followed by a ticket that was written under the old ones meanwhile', async () => {
    await scene.set({ sla_resolve_hours: 10 });
    const ticket = await one.open(scene.sides.live);
    await scene.set({ sla_resolve_hours: 5 });
    await one.scan();
    // As a transaction leaves it that had read the settings before they changed.
    await scene.db.sql(
      `UPDATE ticket SET sla_resolve_due_at = created_at + interval '10 hours', sla_settings_at = sla_settings_at - interval '1 s'
       WHERE id = $1`,
      [ticket],
    );
    expect(await one.scan()).toMatchObject({ sla_settings: 1 });
    const row = await scene.ticket(ticket);
    expect((row['sla_resolve_due_at'] as Date).getTime() - (row['created_at'] as Date).getTime()).toBe(5 * HOUR_MS);
  });

  it('end clocks whose threshold is gone', async () => {
    await scene.set({ sla_first_reply_hours: 1 });
    const ticket = await one.open(scene.sides.test);
    await scene.set({ sla_first_reply_hours: null });
    await scene.advance(2);
    expect(await one.scan()).toEqual({ sla_settings: 1, sla_marks: 0, unanswered: 0, csat_expiry: 0 });
    expect(await scene.ticket(ticket)).toMatchObject({ sla_first_reply_status: 'cancelled', version: 2 });
    expect(await scene.told(ticket)).toEqual([]);
  });
});
