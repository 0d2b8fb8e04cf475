import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '#contracts';
import type { ApiRequest, ApiResponseMessage } from '../project-request';
import { EVENT_STREAM_SETTINGS } from './event-stream-settings';
import type { EventStreamSettings } from './event-stream-settings';
import { OpenStream } from './open-stream';
import type { StreamEnd } from './open-stream';
import type { StreamFrame } from './stream-frame';

/** After which time it may be worth while to try again where there are too many streams. */
const RETRY_AFTER_SECONDS = 5;

/** A request for a stream, the answer that carries it, and what ends its source. */
export interface StreamRequest {
  readonly request: ApiRequest;
  readonly response: ApiResponseMessage;
  readonly ending: AbortController;
}

/** The event streams that this process has open. */
@Injectable()
export class EventStreams {
  private readonly logger = new Logger('http');
  private readonly open = new Map<OpenStream, string>();
  private isClosing = false;

  constructor(@Inject(EVENT_STREAM_SETTINGS) private readonly settings: EventStreamSettings) {}

  /** How many are open. */
  get count(): number {
    return this.open.size;
  }

  /**
   * Makes the body of an answer of the source's batches. While the process drains, it ends after its first text: the reader comes
   * again elsewhere.
   * @throws {DomainError} `rate_limit_project` when the project has too many open already, `platform_busy` when the process has.
   */
  start(source: AsyncIterable<readonly StreamFrame[]>, { request, response, ending }: StreamRequest): OpenStream {
    const projectId = request.projectScope?.projectId ?? '';
    this.assertRoom(projectId);
    const stream = new OpenStream(source, this.settings, {
      ending,
      mayGoOn: async () => (await request.isStillAllowed?.()) ?? true,
      cut: () => void (response.writableFinished || response.destroy()),
      onEnd: (reason) => this.forget(stream, request, reason),
    });
    this.open.set(stream, projectId);
    if (this.isClosing) {
      stream.end('draining');
    }
    return stream;
  }

  /** Ends all streams, and from now on each new one at once. */
  close(): void {
    this.isClosing = true;
    for (const stream of this.open.keys()) {
      stream.end('draining');
    }
  }

  private forget(stream: OpenStream, { projectScope, keyId }: ApiRequest, reason: StreamEnd | undefined): void {
    this.open.delete(stream);
    if (reason !== undefined) {
      this.logger.log({
        event: 'event_stream.ended',
        reason,
        project_id: projectScope?.projectId,
        key_id: keyId,
      });
    }
  }

  private assertRoom(projectId: string): void {
    const { perProject, perProcess } = this.settings;
    if (this.count >= perProcess) {
      throw new DomainError('platform_busy', 'The service has as many event streams open as it can. Try again soon.', {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    const ofProject = [...this.open.values()].filter((one) => one === projectId).length;
    if (ofProject >= perProject) {
      throw new DomainError(
        'rate_limit_project',
        `The project has ${perProject} event streams open, which is the most. Close one, or share one among its readers.`,
        { retryAfterSeconds: RETRY_AFTER_SECONDS },
      );
    }
  }
}
