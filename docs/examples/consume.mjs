// Takes a project's events from its queue on RabbitMQ: each event once in effect, and it knows what is late and what is missing.
// Needs Node.js 20 and amqplib (npm install amqplib). AMQP_URL and QUEUE are what `helpdesk consumer add` answers.
import { fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'amqplib';

const { AMQP_URL, QUEUE, JOURNAL = 'journal.jsonl' } = process.env;

// The effect of an event is a line in a file, which also says what was handled: so either both are there or neither is. With a
// database, write the effect, the id of the event and the sequence of its ticket in one transaction.
const journal = openSync(JOURNAL, 'a+');
const handled = new Set();
const sequences = new Map();
const lines = readFileSync(JOURNAL, 'utf8').split('\n');
const torn = lines.pop(); // Of a process that died while it wrote.
lines.map((line) => JSON.parse(line)).forEach(remember);
ftruncateSync(journal, Buffer.byteLength(lines.map((line) => `${line}\n`).join('')));
say({ outcome: 'started', handled: handled.size, torn: torn.length });

let stop = () => process.exit(0);
process.once('SIGTERM', () => stop());

for (let failures = 0; ; failures++) {
  try {
    await consume(() => (failures = 0));
  } catch (error) {
    say({ outcome: 'disconnected', reason: error.message });
  }
  stop = () => process.exit(0);
  await pause(Math.min(30_000, 200 * 2 ** failures));
}

/** Takes events until the connection is lost. */
async function consume(connected) {
  const connection = await connect(AMQP_URL, { noDelay: true, timeout: 10_000 });
  const lost = new Promise((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('close', () => reject(new Error('The connection was closed.')));
  });
  lost.catch(() => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // Whoever waits for an answer gets the error; the channel closes.
  channel.on('close', () => connection.close().catch(() => undefined));
  await channel.prefetch(50);
  await channel.consume(QUEUE, (message) => {
    if (message === null) {
      channel.close(); // The broker has ended it: the queue is gone, or goes elsewhere.
      return;
    }
    handle(JSON.parse(message.content.toString()));
    channel.ack(message); // Not before the effect is stored.
  });
  stop = async () => {
    await channel.close(); // Before the connection, or the last acknowledgements are lost.
    process.exit(0);
  };
  connected();
  say({ outcome: 'connected' });
  await lost;
}

/** Does what has to be done about an event, once. What throws here ends the process: the event comes again to the next one. */
function handle({ id, type, subject, sequence }) {
  const last = sequences.get(subject);
  if (handled.has(id)) {
    say({ outcome: 'repeat', id, type, subject, sequence });
    return;
  }
  let outcome = 'handled';
  if (last !== undefined && sequence <= last) {
    outcome = 'late'; // A later event was handled before: do not put back what that has changed.
  } else if (last !== undefined && sequence > last + 1) {
    outcome = 'gap'; // Of a consumer of all events: something was lost. GET /v1/helpdesk/events has it.
  }
  const line = { outcome, id, type, subject, sequence };
  writeSync(journal, `${JSON.stringify(line)}\n`);
  fsyncSync(journal);
  remember(line);
  say(line);
}

function remember({ id, subject, sequence }) {
  handled.add(id);
  sequences.set(subject, Math.max(sequence, sequences.get(subject) ?? 0));
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
