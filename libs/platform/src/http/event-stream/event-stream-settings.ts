/** How event streams behave. */
export interface EventStreamSettings {
  /** Silence after which a comment is sent, in milliseconds. */
  readonly heartbeatMs: number;
  /** What readers are told to wait before they come again, in milliseconds. */
  readonly retryMs: number;
  /** Between two looks whether the reader's key may still be used, in milliseconds. */
  readonly recheckMs: number;
  /** How long a reader may take nothing of what waits for it before its connection is cut, in milliseconds. */
  readonly stuckMs: number;
  /** What is left to a reader to take the rest once its stream has ended, in milliseconds. */
  readonly partingMs: number;
  /** Open streams of one side of a project in this process. */
  readonly perProject: number;
  /** Open streams of this process. */
  readonly perProcess: number;
}

/** Injects the {@link EventStreamSettings}. */
export const EVENT_STREAM_SETTINGS = Symbol('event-stream-settings');

/**
 * The product's own values. The look at the key and the age of the answer that it gets (3 s) stay below the 10 s within which a
 * revoked key is out of use.
 */
export const EVENT_STREAM_DEFAULTS: EventStreamSettings = {
  heartbeatMs: 15_000,
  retryMs: 3_000,
  recheckMs: 5_000,
  stuckMs: 30_000,
  partingMs: 2_000,
  perProject: 200,
  perProcess: 1_000,
};
