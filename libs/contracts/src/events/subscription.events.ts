import type { Actor } from '../resources/actor';
import type { SubscriberPayload } from '../resources/subscriber';
import { defineEvent } from './event-definition';
import { EXAMPLE_ACTOR } from './examples';

/** `data` of the events about a customer's subscription. */
export interface SubscriptionEventData {
  readonly subscriber: SubscriberPayload;
  readonly actor: Actor;
}

export const SubscriptionCreated = defineEvent<'subscription.created', SubscriptionEventData>({
  type: 'subscription.created',
  version: 1,
  aggregate: 'subscriber',
  description: 'A customer became a subscriber of the project, by writing to it or by consent in the bot.',
  example: {
    subscriber: {
      id: '019ab6c2-0001-7aaa-8bbb-0123456789ab',
      channel: 'telegram',
      chat_id: 123456789,
      external_id: null,
      first_name: 'Ivan',
      username: 'ivan_p',
      lang: null,
      reachable: true,
      tags: [],
      created_at: '2026-11-24T09:30:00.000Z',
    },
    actor: EXAMPLE_ACTOR,
  },
});
