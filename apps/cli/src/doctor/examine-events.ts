import { DeadDeliveries, EventPath } from '#messaging';
import { runTask } from '#platform';
import type { Environment } from '#platform';
import { ok, warning } from './finding';
import type { Finding } from './finding';

const LATE_SECONDS = 60;
const MOST_COUNTED = 1_000;

/** Whether events reach their consumers. */
export async function examineEvents(databaseUrl: string, environment: Environment): Promise<Finding> {
  const { status, dead } = await runTask({ name: 'cli', modules: [], databaseUrl }, environment, async (services) => ({
    status: await services.get(EventPath).status(),
    dead: (await services.get(DeadDeliveries).list({ limit: MOST_COUNTED })).length,
  }));
  if (dead > 0) {
    return warning(
      'events',
      `Consumers could not handle ${dead === MOST_COUNTED ? `${dead} or more` : dead} event(s)`,
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
