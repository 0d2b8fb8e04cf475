// Reads a project's events again from the stream of its consumer, from the oldest that it keeps, and then goes on with the new ones.
// Needs Node.js 20 and amqplib (npm install amqplib). AMQP_URL and STREAM are what `helpdesk consumer add … --stream` answers.
import { fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'amqplib';

const { AMQP_URL, STREAM, JOURNAL = 'replayed.jsonl' } = process.env;

// Each line is an event and its offset in the stream. The broker does not remember how far we have come: the last line does.
const journal = openSync(JOURNAL, 'a+');
const lines = readFileSync(JOURNAL, 'utf8').split('\n');
lines.pop(); // Of a process that died while it wrote, or nothing.
ftruncateSync(journal, Buffer.byteLength(lines.map((line) => `${line}\n`).join('')));
const handled = new Set(lines.map((line) => JSON.parse(line).id));
let next = lines.length > 0 ? JSON.parse(lines.at(-1)).offset + 1 : 'first';

process.once('SIGTERM', () => process.exit(0));

for (;;) {
  try {
    await read();
  } catch (error) {
    say({ outcome: 'disconnected', reason: error.message });
  }
  await pause(1_000);
}

/** Reads on until the connection is lost. */
async function read() {
  const connection = await connect(AMQP_URL, { noDelay: true, timeout: 10_000 });
  const lost = new Promise((_resolve, reject) => {
    connection.on('error', reject);
    connection.on('close', () => reject(new Error('The connection was closed.')));
  });
  lost.catch(() => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  channel.on('close', () => connection.close().catch(() => undefined));
  await channel.prefetch(100); // A stream sends nothing without it.
  const take = (message) => {
    if (message === null) {
      channel.close();
      return;
    }
    handle(message.properties.headers['x-stream-offset'], JSON.parse(message.content.toString()));
    channel.ack(message); // Asks for more; a stream keeps what was acknowledged.
  };
  const from = next; // Events may come before the broker has answered.
  await channel.consume(STREAM, take, { arguments: { 'x-stream-offset': from } });
  say({ outcome: 'connected', from });
  await lost;
}

/** Does what has to be done about an event, once: the same event may stand in the stream twice, under two offsets. */
function handle(offset, { id, type, subject, sequence }) {
  if (next !== 'first' && offset < next) {
    return; // A stream is read in blocks, and a block may begin earlier.
  }
  next = offset + 1;
  if (!handled.has(id)) {
    const line = { outcome: 'handled', offset, id, type, subject, sequence };
    writeSync(journal, `${JSON.stringify(line)}\n`);
    fsyncSync(journal);
    handled.add(id);
    say(line);
  }
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
