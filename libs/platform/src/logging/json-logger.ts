import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { traceIdOf } from '../http/traceparent';
import { currentRequest } from '../request-context/request-context';
import { prettyLine } from './pretty-line';

/** Levels of the log, from least to most. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Where the log goes, and how much of it. */
export interface LogOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Lines for a person instead of JSON. */
  readonly pretty: boolean;
  /** Takes each finished line; the standard output unless given. */
  readonly write?: (line: string) => void;
}

/** API keys; only what every key begins with may be seen. */
const KEYS = /\bzn_(live|test)_[0-9A-Za-z]+/g;

/**
 * Nest's logger over pino: one JSON line per unit of work. An object becomes the line's fields; Nest's own messages stand under
 * `msg`. Lines within a request carry its id and that of its trace. Keys do not belong into what is logged; one that gets there is masked.
 */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor({ service, level, pretty, write = (line) => process.stdout.write(line) }: LogOptions) {
    const destination: DestinationStream = {
      write: (line) => {
        const masked = line.replace(KEYS, 'zn_$1_***');
        write(pretty ? prettyLine(masked) : masked);
      },
    };
    this.pino = pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        mixin: () => {
          const request = currentRequest();
          return {
            ...(request && { request_id: request.requestId }),
            ...(request?.traceparent && { trace_id: traceIdOf(request.traceparent) }),
          };
        },
        redact: ['authorization', 'headers.authorization', 'key', 'password', 'secret'],
      },
      destination,
    );
  }

  log(message: unknown, ...context: unknown[]): void {
    // Nest tells of each module and route; that is news for a developer alone.
    const fields = fieldsOf(message, context);
    this.pino[typeof message === 'object' ? 'info' : 'debug'](fields);
  }

  error(message: unknown, ...context: unknown[]): void {
    this.pino.error(fieldsOf(message, context));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.pino.warn(fieldsOf(message, context));
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.pino.debug(fieldsOf(message, context));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.pino.debug(fieldsOf(message, context));
  }
}

function fieldsOf(message: unknown, context: readonly unknown[]): object {
  const scope = context.at(-1);
  const named = typeof scope === 'string' ? { scope } : {};
  if (message instanceof Error) {
    return { msg: message.message, stack: message.stack, ...named };
  }
  if (typeof message === 'object' && message !== null) {
    return { ...message, ...named };
  }
  const stack = context.length > 1 && typeof context[0] === 'string' ? { stack: context[0] } : {};
  return { msg: String(message), ...stack, ...named };
}
