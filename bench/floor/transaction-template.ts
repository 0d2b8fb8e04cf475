import { v7 as uuidv7 } from 'uuid';
import type { Recording, RecordedStatement } from './record-statements';

/** What a recorded request was about: these texts become the replay's own. */
export interface RecordedInputs {
  readonly projectId: string;
  readonly ticketId?: string;
  /** The text of the message that was sent. */
  readonly text?: string;
  /** The number that the new ticket got. */
  readonly ticketNumber?: number;
}

/** What a replay is about. */
export interface ReplayInputs {
  readonly projectId: string;
  readonly ticketId?: string;
  readonly text?: string;
}

/** One replay under way: its inputs and what it made so far. */
interface Replay extends ReplayInputs {
  readonly now: string;
  readonly freshIds: string[];
  ticketNumber?: number;
}

type Rendering = (replay: Replay) => unknown;

/** A recorded statement with its places for a replay's own values. */
export interface StatementTemplate {
  readonly name?: string;
  readonly text: (replay: Replay) => string;
  readonly values?: (replay: Replay) => unknown[];
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const RECENT_TIME = '20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';

/**
 * A recorded transaction that can be replayed for other projects and tickets. Ids that were not among the inputs were made by
 * the request: each replay makes its own in their place, one and the same wherever the recording has the same. Times become now.
 */
export class TransactionTemplate {
  readonly connectionOptions: string;
  readonly roundTrips: ReadonlyArray<readonly StatementTemplate[]>;
  private readonly madeIds = new Map<string, number>();
  private readonly pattern: RegExp;

  constructor(
    recording: Recording,
    private readonly inputs: RecordedInputs,
  ) {
    const literal = [inputs.text].filter((text) => text !== undefined).map(escapeRegExp);
    const number = inputs.ticketNumber === undefined ? [] : [`"ticket_number":${inputs.ticketNumber}(?=\\D)`];
    this.pattern = new RegExp([UUID, RECENT_TIME, ...number, ...literal].join('|'), 'g');
    this.connectionOptions = recording.connectionOptions;
    this.roundTrips = recording.roundTrips.map((statements) => statements.map((one) => this.compileStatement(one)));
  }

  /** Begins a replay. */
  begin(inputs: ReplayInputs): Replay {
    return { ...inputs, now: new Date().toISOString(), freshIds: Array.from(this.madeIds.values(), () => uuidv7()) };
  }

  private compileStatement({ name, text, values }: RecordedStatement): StatementTemplate {
    const renderText = this.compileText(text);
    const renderValues = values?.map((value) => this.compileValue(value));
    return {
      name,
      text: (replay) => renderText(replay) as string,
      values: renderValues && ((replay) => renderValues.map((render) => render(replay))),
    };
  }

  private compileValue(value: unknown): Rendering {
    if (typeof value === 'string') {
      return this.compileText(value);
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this.compileValue(item));
      return (replay) => items.map((render) => render(replay));
    }
    return value instanceof Date ? ({ now }) => new Date(now) : () => value;
  }

  private compileText(text: string): Rendering {
    const parts: Array<string | Rendering> = [];
    let end = 0;
    for (const match of text.matchAll(this.pattern)) {
      parts.push(text.slice(end, match.index), this.compileMatch(match[0]));
      end = match.index + match[0].length;
    }
    if (parts.length === 0) {
      return () => text;
    }
    parts.push(text.slice(end));
    return (replay) => parts.map((part) => (typeof part === 'string' ? part : part(replay))).join('');
  }

  private compileMatch(found: string): Rendering {
    switch (found) {
      case this.inputs.projectId:
        return ({ projectId }) => projectId;
      case this.inputs.ticketId:
        return ({ ticketId }) => ticketId;
      case this.inputs.text:
        return ({ text }) => text;
      default:
    }
    if (found.startsWith('"ticket_number"')) {
      return ({ ticketNumber }) => `"ticket_number":${ticketNumber}`;
    }
    if (/^20\d\d-\d\d-\d\dT/.test(found)) {
      return ({ now }) => now;
    }
    const place = this.madeIds.get(found) ?? this.madeIds.size;
    this.madeIds.set(found, place);
    return ({ freshIds }) => freshIds[place];
  }
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
