import { SetMetadata } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import type { EventDefinition } from '#contracts';

/** Which class describes the `data` of which events. */
export type DescribedEvents = readonly (readonly [data: Type, events: readonly EventDefinition[]])[];

/** Metadata of a controller: its {@link DescribedEvents}. */
export const DESCRIBED_EVENTS = 'helpdesk:described-events';

/** Puts events into the `webhooks` of the API document; on the controller of the app that shows what they carry. */
export function DescribeEvents(events: DescribedEvents): ClassDecorator {
  return SetMetadata(DESCRIBED_EVENTS, events);
}
