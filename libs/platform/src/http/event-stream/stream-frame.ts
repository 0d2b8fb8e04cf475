/** One message of an event stream (HTML Living Standard, 9.2.6). */
export interface StreamFrame {
  /**
   * Where the reader goes on from when it comes again with `Last-Event-ID`. Without `data` there is no message: the place alone
   * goes along with the next heartbeat, unless a message comes first. Without line breaks.
   */
  readonly id: string;
  /** The name of the message. Without line breaks. */
  readonly event?: string;
  /** Sent as JSON. */
  readonly data?: object;
}

/** The first lines of a stream: how long the reader waits before it comes again, in milliseconds, and where it stands. */
export function openingText(retryMs: number, place: string | undefined): string {
  return `: welcome\nretry: ${retryMs}\n${placeLine(place)}\n`;
}

/** The messages among the frames as they go over the wire. */
export function messagesText(frames: readonly StreamFrame[]): string {
  return frames.map(messageText).join('');
}

/** A comment that keeps the connection in use, and with a place moves the reader on without a message. */
export function heartbeatText(place: string | undefined): string {
  return `: heartbeat\n${placeLine(place)}\n`;
}

/** The reader's place that is yet to be sent once these frames are: that of the last one, unless its message carries it. */
export function placeAfter(frames: readonly StreamFrame[], before: string | undefined): string | undefined {
  const last = frames.at(-1);
  if (!last) {
    return before;
  }
  return last.data === undefined ? last.id : undefined;
}

function messageText({ id, event, data }: StreamFrame): string {
  if (data === undefined) {
    return '';
  }
  return `${placeLine(id)}${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

function placeLine(place: string | undefined): string {
  return place === undefined ? '' : `id: ${place}\n`;
}
