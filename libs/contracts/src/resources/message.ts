/** Who wrote a message. */
export const AUTHOR_TYPES = ['customer', 'agent', 'system', 'ai'] as const;
export type AuthorType = (typeof AUTHOR_TYPES)[number];

/** Fate of a message on its way to a messenger; `none` where nothing is sent, `simulated` on the test side. */
export const DELIVERY_STATUSES = ['none', 'queued', 'sent', 'failed', 'simulated'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** A file or picture that came with a message. `size` in bytes. */
export interface AttachmentPayload {
  readonly id: string;
  readonly kind: string;
  readonly name: string | null;
  readonly mime: string | null;
  readonly size: number | null;
}

/** A message or an internal note as REST answers, events and webhooks carry it. */
export interface MessagePayload {
  readonly id: string;
  readonly ticket_id: string;
  readonly author_type: AuthorType;
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly text: string;
  readonly internal: boolean;
  readonly attachments: readonly AttachmentPayload[];
  readonly delivery: {
    readonly status: DeliveryStatus;
    readonly error: string | null;
    readonly attempts: number;
    readonly sent_at: string | null;
  };
  readonly created_at: string;
  readonly edited_at: string | null;
}
