import { EventPath } from '#messaging';
import { runTask } from '#platform';
import type { Environment } from '#platform';
import { ok, warning } from './finding';
import type { Finding } from './finding';

const LATE_SECONDS = 60;

/** Whether events reach their consumers. */
export async function examineEvents(databaseUrl: string, environment: Environment): Promise<Finding> {
  const status = await runTask({ name: 'cli', modules: [], databaseUrl }, environment, (services) =>
    services.get(EventPath).status(),
  );
  const dead = status.consumers.reduce((sum, consumer) => sum + consumer.dead, 0);
  if (dead > 0) {
    return warning(
      'events',
      `Consumers could not handle ${dead} event(s)`,
      'helpdesk events dead list names them; then helpdesk events dead redrive --all',
    );
  }
  return status.oldestUnpublishedSeconds > LATE_SECONDS
    ? warning(
        'events',
        `${status.unpublished} event(s) wait, the oldest for ${Math.round(status.oldestUnpublishedSeconds)} s`,
        'Start the server: a running process brings events to their consumers.',
      )
    : ok('events', 'None is late, none is dead');
}
