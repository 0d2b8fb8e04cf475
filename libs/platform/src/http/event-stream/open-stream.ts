import type { EventStreamSettings } from './event-stream-settings';
import { PendingResult } from './pending-result';
import { heartbeatText, messagesText, openingText, placeAfter } from './stream-frame';
import type { StreamFrame } from './stream-frame';

/** Why the service ended a stream: it stops, the key may no longer be used, or the reader takes nothing. */
export type StreamEnd = 'draining' | 'key_refused' | 'stuck';

/** What a stream needs of its request and of its answer. */
export interface StreamTies {
  /** Ends the source. */
  readonly ending: AbortController;
  /** Whether the reader may still read; what it throws says nothing either way. */
  readonly mayGoOn: () => Promise<boolean>;
  /** Cuts the connection, unless the answer is complete. */
  readonly cut: () => void;
  /** Called once, when the stream is over; with the reason where it was not the reader who left. */
  readonly onEnd: (reason: StreamEnd | undefined) => void;
}

/**
 * The body of an event stream, text by text, as the connection takes it: a slow reader holds back the source, so that no more
 * than some batches are kept for it. Beside the messages it sends heartbeats, and it watches whether it should go on.
 */
export class OpenStream implements AsyncIterableIterator<string, void> {
  private readonly body = this.texts();
  private readonly rechecks: NodeJS.Timeout;
  private patience: NodeJS.Timeout | undefined;
  private reason: StreamEnd | undefined;
  private isOver = false;

  constructor(
    private readonly source: AsyncIterable<readonly StreamFrame[]>,
    private readonly settings: EventStreamSettings,
    private readonly ties: StreamTies,
  ) {
    this.rechecks = setInterval(() => void this.recheck(), settings.recheckMs);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next text; asked for when the ones before have gone out. */
  async next(): Promise<IteratorResult<string, void>> {
    clearTimeout(this.patience);
    try {
      const result = await this.body.next();
      if (result.done) {
        this.finish();
      } else {
        this.patience = setTimeout(() => this.giveUp(), this.settings.stuckMs);
      }
      return result;
    } catch (error) {
      this.finish();
      throw error;
    }
  }

  /** The reader has left, or nobody wants the body. */
  async return(): Promise<IteratorResult<string, void>> {
    this.finish();
    return this.body.return();
  }

  /** Ends the stream; what is on its way has a moment to go out. */
  end(reason: StreamEnd): void {
    if (!this.isOver) {
      this.reason ??= reason;
      this.ties.ending.abort();
      setTimeout(this.ties.cut, this.settings.partingMs).unref();
    }
  }

  private async *texts(): AsyncGenerator<string, void> {
    const { heartbeatMs, retryMs } = this.settings;
    const batches = this.source[Symbol.asyncIterator]();
    try {
      const first = await batches.next();
      if (first.done) {
        return;
      }
      let text = messagesText(first.value);
      let place = placeAfter(first.value, undefined);
      yield openingText(retryMs, place) + text;
      place = text === '' ? undefined : place;
      for (;;) {
        const upcoming = new PendingResult(batches.next());
        while (!(await upcoming.settlesWithin(heartbeatMs))) {
          yield heartbeatText(place);
          place = undefined;
        }
        const { done, value } = await upcoming.value();
        if (done) {
          return;
        }
        text = messagesText(value);
        place = placeAfter(value, place);
        if (text !== '') {
          yield text;
        }
      }
    } finally {
      await batches.return?.();
    }
  }

  private giveUp(): void {
    this.reason ??= 'stuck';
    this.ties.cut();
  }

  private async recheck(): Promise<void> {
    const mayGoOn = await this.ties.mayGoOn().catch(() => true);
    if (!mayGoOn) {
      this.end('key_refused');
    }
  }

  private finish(): void {
    if (!this.isOver) {
      this.isOver = true;
      clearTimeout(this.patience);
      clearInterval(this.rechecks);
      this.ties.ending.abort();
      this.ties.onEnd(this.reason);
    }
  }
}
