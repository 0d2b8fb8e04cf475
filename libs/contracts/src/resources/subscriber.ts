import type { Channel } from './ticket';

/** A customer's chat with the project, as the API shows it. */
export interface SubscriberPayload {
  readonly id: string;
  readonly channel: Channel;
  readonly chat_id: number | null;
  readonly external_id: string | null;
  readonly first_name: string | null;
  readonly username: string | null;
  readonly lang: string | null;
  readonly reachable: boolean;
  readonly tags: readonly string[];
  readonly created_at: string;
}
