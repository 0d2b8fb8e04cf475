import { AsyncResource } from 'node:async_hooks';
import { DomainError } from '#contracts';
import { parseJsonBody } from './json-body';
import type { ApiRequest, ApiResponseMessage } from './project-request';

/** Largest body, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024;

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE']);

/**
 * Reads the body of POST, PUT and PATCH: JSON alone, up to 256 KiB, complete. A request without a body counts as `{}`. The rest
 * of a refused body is not read, and the connection ends with the answer.
 */
export function readBody(request: ApiRequest, response: ApiResponseMessage, next: (error?: unknown) => void): void {
  if (WITHOUT_BODY.has(request.method ?? '')) {
    request.resume();
    next();
    return;
  }
  const refused = refuse(request);
  if (refused) {
    response.setHeader('Connection', 'close');
    next(refused);
    return;
  }
  // The events of a body come from the socket, outside the request's context: without the binding its id would be lost.
  const context = new AsyncResource('RequestBody');
  const read = (error: DomainError | null, raw: Buffer) => {
    if (error) {
      response.setHeader('Connection', 'close');
      next(error);
      return;
    }
    try {
      request.rawBody = raw;
      request.body = raw.length === 0 ? {} : parseJsonBody(raw);
      next();
    } catch (fault) {
      next(fault);
    }
  };
  collect(request, (error, raw) => context.runInAsyncScope(read, undefined, error, raw));
}

function refuse({ headers }: ApiRequest): DomainError | null {
  const length = Number(headers['content-length'] ?? 0);
  if (length > MAX_BODY_BYTES) {
    return bodyTooLarge();
  }
  const hasBody = length > 0 || headers['transfer-encoding'] !== undefined;
  if (hasBody && (!JSON_TYPE.test(headers['content-type'] ?? '') || headers['content-encoding'] !== undefined)) {
    return new DomainError(
      'unsupported_media_type',
      'The body must be JSON: send the header Content-Type: application/json, and no Content-Encoding.',
    );
  }
  return null;
}

function collect(request: ApiRequest, done: (error: DomainError | null, raw: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let finished = false;
  const finish = (fault?: () => DomainError) => {
    if (!finished) {
      finished = true;
      done(fault?.() ?? null, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    }
  };
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) {
      request.pause();
      finish(bodyTooLarge);
    } else {
      chunks.push(chunk);
    }
  });
  request.on('end', () => finish());
  request.on('error', () => finish(brokenOff));
  request.on('close', () => finish(cutOff));
}

function brokenOff(): DomainError {
  return new DomainError('bad_request', 'The body ended before it was complete. Send it again.');
}

function cutOff(): DomainError {
  return new DomainError('bad_request', 'The connection ended before the body was complete.');
}

/** The refusal of a body of more than {@link MAX_BODY_BYTES}. */
export function bodyTooLarge(): DomainError {
  return new DomainError('payload_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes. Send less at once.`);
}
