// Lets a day pass on the test side, and looks whether the alerts of a helpdesk come: a template for the tests of an integration.
// Needs Node.js 20. HELPDESK_URL is where the API is, HELPDESK_TEST_KEY a zn_test_ key that may write tickets and read the
// configuration. Empties the test side before and after.
import { setTimeout as pause } from 'node:timers/promises';

const { HELPDESK_URL = 'http://localhost:3000', HELPDESK_TEST_KEY } = process.env;
const HOUR = 3_600;
const PATIENCE_MS = 10_000;

// The configuration is the live side's: the test side has it too, but cannot change it.
const { sla_first_reply_hours: replyHours, helpdesk_unanswered_hours: unansweredHours } = await call(
  'GET',
  '/v1/helpdesk/settings',
);
if (!replyHours || !unansweredHours || replyHours >= unansweredHours) {
  throw new Error('Set sla_first_reply_hours, and helpdesk_unanswered_hours to more than that, with a live key first.');
}

await call('POST', '/v1/test/reset');
say({ step: 'emptied', ...(await advance(0)) });

const ticket = await call('POST', '/v1/helpdesk/tickets', {
  text: 'Where is my parcel?',
  external_id: 'customer-1001',
});
say({ step: 'opened', ticket_number: ticket.ticket_number, status: ticket.status });
let cursor; // Events are read from the beginning of the log, and then from where the last one was found.

// The warning comes when four fifths of the time are used up, the breach when all of it is.
await advance(replyHours * HOUR * 0.9);
say(await event('ticket.sla_warning'));
await advance(replyHours * HOUR * 0.2);
say(await event('ticket.sla_breached'));

// The clock has gone on already; an hour more than is left, and nobody has answered for too long.
await advance((unansweredHours + 1 - replyHours) * HOUR);
say(await event('ticket.unanswered_24h'));

const { ticket: answered } = await call('POST', `/v1/helpdesk/tickets/${ticket.id}/reply`, {
  text: 'It comes tomorrow',
  status: 'closed',
});
say({ step: 'answered', status: answered.status, hours: Math.floor(answered.time_to_first_response_seconds / HOUR) });
say(await event('ticket.closed'));

await call('POST', '/v1/test/reset');
say({ step: 'emptied', ...(await advance(0)) });

/** Moves the clock of the test side. Every request that comes later sees the moved time. */
async function advance(seconds) {
  const { offset_seconds } = await call('POST', '/v1/test/clock', { advance_seconds: Math.round(seconds) });
  return { offset_seconds };
}

/** Reads on in the event log until the next event of a type. What time makes due happens beside the request, within seconds. */
async function event(type) {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(100)) {
    const after = cursor ? `&after=${cursor}` : '';
    const { events } = await call('GET', `/v1/helpdesk/events?types=${type}${after}`);
    if (events.length > 0) {
      ({ cursor } = events[0]);
      const { kind, threshold_hours, ticket: about } = events[0].data;
      return {
        event: type,
        ticket_number: about.ticket_number,
        ...(kind && { kind }),
        ...(threshold_hours && { threshold_hours }),
      };
    }
  }
  throw new Error(`${type} has not come.`);
}

async function call(method, path, body) {
  const headers = { Authorization: `Bearer ${HELPDESK_TEST_KEY}`, 'Content-Type': 'application/json' };
  const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(HELPDESK_URL + path, request);
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${answer.code}. ${answer.error}`);
  }
  return answer;
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
