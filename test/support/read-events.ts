import { API } from './answers';
import type { EventBody, EventListBody } from './answers';
import { eventually } from './eventually';
import type { TestProject } from './test-project';

/** Every event of the project's log, in order, once there are at least so many: the log is filled beside the requests. */
export async function readEvents(project: TestProject, atLeast: number, key = project.liveKey): Promise<EventBody[]> {
  return eventually(async () => {
    const events = await readAll(project, key);
    if (events.length < atLeast) {
      throw new Error(`${events.length} events instead of ${atLeast}: ${events.map(({ event }) => event).join(', ')}`);
    }
    return events;
  });
}

async function readAll(project: TestProject, key: string): Promise<EventBody[]> {
  const events: EventBody[] = [];
  let after = '';
  for (;;) {
    const { body } = await project.request<EventListBody>('GET', `${API}/events?limit=100${after}`, { key });
    events.push(...body.events);
    if (!body.has_more) {
      return events;
    }
    after = `&after=${body.next_cursor}`;
  }
}
