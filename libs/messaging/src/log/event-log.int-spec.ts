import { randomUUID } from 'node:crypto';
import { TicketCreated, TicketReplied, TicketUpdated } from '#contracts';
import type { ProjectScope } from '#database';
import { EventScene, insertProject } from '#testing';
import type { EventProcess } from '#testing';
import { EventLog } from './event-log';
import type { EventLogRequest } from './event-log';

let scene: EventScene;
let process: EventProcess;
let project: ProjectScope;
let other: ProjectScope;

beforeAll(async () => {
  scene = await EventScene.open();
  process = await scene.launch();
  [project, other] = [(await insertProject(scene.db)).live, (await insertProject(scene.db)).live];
  for (let n = 0; n < 5; n++) {
    await scene.append(process, project, randomUUID(), { definitions: [TicketCreated, TicketUpdated] });
    await scene.append(process, other);
  }
  await positioned();
});
afterAll(() => scene.close());

async function positioned(): Promise<void> {
  const deadline = Date.now() + 20_000;
  while ((await scene.db.sql('SELECT FROM outbox WHERE position IS NULL')).length > 0) {
    if (Date.now() > deadline) {
      throw new Error('The relay has not given every event its position.');
    }
  }
}

const read = (request: EventLogRequest, scope = project) => process.app.get(EventLog).read(scope, request);

async function positionsOf(request: EventLogRequest): Promise<Array<number | string>> {
  const page = await read(request);
  return [...page.events.map(({ position }) => position), `next ${page.nextPosition}`, `more ${page.hasMore}`];
}

describe('the event log', () => {
  it.each<[string, EventLogRequest, Array<number | string>]>([
    ['begins with the oldest', { limit: 4 }, [1, 2, 3, 4, 'next 4', 'more true']],
    ['goes on behind a position', { after: 4, limit: 4 }, [5, 6, 7, 8, 'next 8', 'more true']],
    ['ends with what there is', { after: 8, limit: 4 }, [9, 10, 'next 10', 'more false']],
    ['ends with a full page', { after: 8, limit: 2 }, [9, 10, 'next 10', 'more false']],
    ['waits at its end', { after: 10, limit: 4 }, ['next 10', 'more false']],
    ['says where its end is', { after: 'latest', limit: 4 }, ['next 10', 'more false']],
    ['shows only types', { types: [TicketUpdated.type], limit: 2 }, [2, 4, 'next 4', 'more true']],
    ['shows the rest', { types: [TicketUpdated.type], after: 4, limit: 9 }, [6, 8, 10, 'next 10', 'more false']],
    ['passes over what is not asked for', { types: [TicketReplied.type], limit: 2 }, ['next 10', 'more false']],
  ])('%s', async (_what, request, positions) => {
    expect(await positionsOf(request)).toEqual(positions);
  });

  it('holds the events of its project alone, counted by themselves', async () => {
    const page = await read({ limit: 100 }, other);
    expect(page.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(page.events.map(({ envelope }) => envelope.projectid))).toEqual(new Set([other.projectId]));
  });

  it('of a project without events is empty', async () => {
    const { live } = await insertProject(scene.db);
    expect(await read({ limit: 5 }, live)).toEqual({ events: [], nextPosition: 0, hasMore: false });
    expect(await read({ after: 0, limit: 5 }, live)).toEqual({ events: [], nextPosition: 0, hasMore: false });
  });

  it.each([11, 1_000_000])('refuses the position %d, which nobody was ever told', async (after) => {
    await expect(read({ after, limit: 5 })).rejects.toMatchObject({ code: 'cursor_expired' });
  });
});
