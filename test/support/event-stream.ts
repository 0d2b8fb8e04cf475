import { request as sendOver } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { API } from './answers';
import type { EventListBody } from './answers';
import { readEvents } from './read-events';
import type { TestProject } from './test-project';

/** One block of an event stream: a message, or a comment and what goes along with it. */
export interface StreamBlock {
  readonly comment?: string;
  readonly id?: string;
  readonly event?: string;
  readonly retry?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** How to open a stream. */
export interface StreamOptions {
  readonly key: string;
  /** The query string, with its question mark. */
  readonly query?: string;
  readonly lastEventId?: string;
}

/** An event stream over a connection of its own, as far as a test reads it. */
export class EventStreamReader {
  private readonly blocks: AsyncGenerator<StreamBlock, void>;
  /** The reader's place, kept as a browser keeps it. */
  lastEventId: string | undefined;

  private constructor(
    readonly answer: IncomingMessage,
    private readonly connection: { destroy(): void },
  ) {
    this.blocks = readBlocks(answer);
  }

  /** Opens the stream and waits for its headers. */
  static async open(url: string, { key, query = '', lastEventId }: StreamOptions): Promise<EventStreamReader> {
    const headers = {
      Authorization: `Bearer ${key}`,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    };
    return new Promise((resolve, reject) => {
      const sent = sendOver(`${url}/v1/helpdesk/events/stream${query}`, { headers, agent: false }, (answer) =>
        resolve(new EventStreamReader(answer, sent)),
      );
      sent.once('error', reject).end();
    });
  }

  /** The next block; undefined when the stream has ended, in whatever way. */
  async next(): Promise<StreamBlock | undefined> {
    const { value } = await this.blocks.next();
    this.lastEventId = value?.id ?? this.lastEventId;
    return value ?? undefined;
  }

  /** The next so many messages, past comments; fewer when the stream ends before. */
  async messages(count: number): Promise<StreamBlock[]> {
    const found: StreamBlock[] = [];
    while (found.length < count) {
      const block = await this.next();
      if (!block) {
        return found;
      }
      found.push(...(block.data ? [block] : []));
    }
    return found;
  }

  /** Reads on until the service ends the stream. */
  async ended(): Promise<void> {
    while (await this.next());
  }

  /** Leaves. */
  close(): void {
    this.connection.destroy();
  }
}

/** The streams that a test file opens, unless it says otherwise with the live key of its project at its service. */
export class StreamReaders {
  private readers: EventStreamReader[] = [];

  constructor(private readonly usual: () => { readonly url: string; readonly project: TestProject }) {}

  async open(options: Partial<StreamOptions> = {}, at?: string): Promise<EventStreamReader> {
    const { url, project } = this.usual();
    const reader = await EventStreamReader.open(at ?? url, { key: project.liveKey, ...options });
    this.readers.push(reader);
    return reader;
  }

  /** Opens a stream and reads its first block. */
  async openLive(options?: Partial<StreamOptions>, at?: string): Promise<EventStreamReader> {
    const reader = await this.open(options, at);
    const first = await reader.next();
    if (first?.comment !== 'welcome' || first.retry !== '3000') {
      throw new Error(`The stream begins with ${JSON.stringify(first)} (${reader.answer.statusCode}).`);
    }
    return reader;
  }

  closeAll(): void {
    this.readers.forEach((reader) => reader.close());
    this.readers = [];
  }
}

/** What a stream tells of each event of a project's log, once there are so many. */
export async function newsOf(project: TestProject, atLeast: number): Promise<StreamBlock[]> {
  return (await readEvents(project, atLeast)).map(({ id, cursor, event, data }) => ({
    id: cursor,
    event,
    data: { id, type: event, ticket_id: data.ticket?.id ?? null, version: data.ticket?.version ?? null },
  }));
}

/** Where a project's log ends. */
export async function endOfLog(project: TestProject, key = project.liveKey): Promise<string> {
  return (await project.request<EventListBody>('GET', `${API}/events?after=latest`, { key })).body.next_cursor;
}

async function* readBlocks(answer: Readable): AsyncGenerator<StreamBlock, void> {
  let text = '';
  try {
    for await (const chunk of answer.setEncoding('utf8')) {
      const blocks = (text + String(chunk)).split('\n\n');
      text = blocks.pop() ?? '';
      yield* blocks.map(parseBlock);
    }
  } catch {
    // The connection was cut: that is an end as well.
  }
}

function parseBlock(text: string): StreamBlock {
  const fields = text.split('\n').map((line): [string, string] => {
    const [, name = '', value = ''] = /^([a-z]*): (.*)$/.exec(line) ?? [];
    return [name || 'comment', value];
  });
  const { data, ...rest } = Object.fromEntries(fields);
  return { ...rest, ...(data !== undefined && { data: JSON.parse(data) as Record<string, unknown> }) };
}
