import type { ChaosProxy } from './chaos-proxy';

/** Methods of the class connection (10), AMQP 0-9-1 with RabbitMQ's extension. */
const BLOCKED = [0, 10, 0, 60] as const;
const UNBLOCKED = [0, 10, 0, 61] as const;

const METHOD_FRAME = 1;
const FRAME_END = 0xce;

/** What a broker says that is short of memory or disk, to every connection that is open on this way. */
export function sayBlocked(way: ChaosProxy): void {
  const reason = Buffer.from('low on memory');
  way.say(frame([...BLOCKED, reason.length, ...reason]));
}

/** What it says when it takes messages again. */
export function sayUnblocked(way: ChaosProxy): void {
  way.say(frame(UNBLOCKED));
}

function frame(method: readonly number[]): Buffer {
  return Buffer.from([METHOD_FRAME, 0, 0, 0, 0, 0, method.length, ...method, FRAME_END]);
}
