import type { ProjectScope } from '#database';
import { EventPath } from '#messaging';
import type { MessagingOptions } from '#messaging';
import { insertProject } from '#testing';
import type { EventProcess, EventScene } from '#testing';
import { eventually } from '../../../support/eventually';
import type { TransportHarness, TransportInstallation } from '../transport-harness';

/** An installation with a project in it. */
export interface Stage extends TransportInstallation {
  readonly live: ProjectScope;
  readonly test: ProjectScope;
}

/** Opens the installations of a group of tests and closes them after each. */
export function stages(harness: TransportHarness): (messaging?: Partial<MessagingOptions>) => Promise<Stage> {
  const opened: TransportInstallation[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((installation) => installation.close()));
  });
  return async (messaging) => {
    const installation = await harness.open(messaging);
    opened.push(installation);
    return { ...installation, ...(await insertProject(installation.scene.db)) };
  };
}

/** Waits until every event has been taken by the transport and handled by all of its consumers, dead ones aside. */
export async function drained({ app }: EventProcess): Promise<void> {
  await eventually(async () => {
    await assertQuiet(app.get(EventPath));
    // Twice, for a handler may have appended events between the two halves of the first look.
    await assertQuiet(app.get(EventPath));
  });
}

async function assertQuiet(eventPath: EventPath): Promise<void> {
  const { unpublished, consumers } = await eventPath.status();
  const pending = consumers?.filter((consumer) => consumer.pending > 0);
  expect({ unpublished, pending }).toEqual({ unpublished: 0, pending: [] });
}

/** Waits until the consumer has stored as many effects, and answers the ids of their events in the order of the effects. */
export async function effectsOf(scene: EventScene, consumer: string, count: number): Promise<string[]> {
  return eventually(async () => {
    const effects = await scene.effects(consumer);
    expect(effects).toHaveLength(count);
    return effects.map((effect) => effect.event_id);
  });
}

/** Something that one side opens and the other waits for. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const gates: Array<() => void> = [];
  const passed = new Promise<void>((resolve) => {
    gates.push(resolve);
  });
  return { passed, open: () => gates[0]?.() };
}
