import type { ProjectScope } from '#database';
import type { MessagingOptions } from '#messaging';
import { EventScene, insertProject } from '#testing';
import { openTestBroker } from './test-broker';
import type { TestBroker } from './test-broker';

/** An installation whose events go through a broker on which it has a part for itself. */
export interface BrokerScene {
  readonly scene: EventScene;
  readonly broker: TestBroker;
  readonly live: ProjectScope;
  close(): Promise<void>;
}

/** How a scene differs from the usual one. */
export interface BrokerSceneOptions extends Partial<MessagingOptions> {
  /** Another way to the test broker. */
  readonly brokerUrl?: string;
}

/** Opens an installation on the test broker. */
export async function openBrokerScene({ brokerUrl, ...messaging }: BrokerSceneOptions = {}): Promise<BrokerScene> {
  const broker = await openTestBroker({ ladderLength: messaging.retryDelaysMs?.length });
  const { url, prefix } = broker;
  const scene = await EventScene.open({
    transport: 'rabbitmq',
    rabbitmq: { url: brokerUrl ?? url, prefix },
    ...messaging,
  });
  const { live } = await insertProject(scene.db);
  return {
    scene,
    broker,
    live,
    async close() {
      const rows = await scene.db.sql<{ consumer: string }>('SELECT consumer FROM event_consumer');
      await scene.close();
      await broker.remove(rows.map(({ consumer }) => consumer));
    },
  };
}
