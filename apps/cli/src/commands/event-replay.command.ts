import { DomainError } from '#contracts';
import { ReplayEvents } from '#messaging';
import type { ReplayBound, ReplayRequest } from '#messaging';
import { decodeCursor, isUuid } from '#platform';
import type { Services } from '#platform';
import { ListProjects } from '#projects';
import type { Command, Input } from '../command-line/command';
import { required, UsageError } from '../command-line/command';
import { fields } from '../command-line/table';
import { runUseCase } from '../run-use-case';

/** An end of the replay; that of a cursor says whose log it is of. */
interface End {
  readonly bound: ReplayBound;
  readonly projectId?: string;
}

/** Gives events to one consumer again. */
export const replay: Command = {
  name: 'events replay',
  summary: 'Give events of the log to one consumer again: those that it has not handled, or all by --force',
  options: {
    consumer: { kind: 'value', value: 'name', required: true, help: 'the consumer' },
    from: { kind: 'value', value: 'start', required: true, help: 'a time, an event, or a cursor after which to begin' },
    to: {
      kind: 'value',
      value: 'end',
      help: 'a time before which, an event or a cursor with which to end; now unless given',
    },
    project: { kind: 'value', value: 'slug', help: 'only of this project' },
    test: { kind: 'flag', help: 'of its test side' },
    types: { kind: 'value', value: 'a,b', help: 'only of these types' },
    force: { kind: 'flag', help: 'also what it has handled: it has its effect once more' },
    'dry-run': { kind: 'flag', help: 'only count' },
  },
  example: 'helpdesk events replay --consumer notifier.queue-webhooks --from 2027-01-31T08:00:00Z --dry-run',
  async run(input, environment, note) {
    const from = endOf('from', required(input, 'from'));
    const to = input.options['to'] === undefined ? undefined : endOf('to', input.options['to']);
    if (input.flags.has('test') && input.options['project'] === undefined) {
      throw new UsageError('--test needs --project: it is the test side of that project.');
    }
    const dryRun = input.flags.has('dry-run');
    const { events, lastEventId } = await runUseCase(environment(), async (services) => {
      const request: ReplayRequest = {
        consumer: required(input, 'consumer'),
        from: from.bound,
        to: to?.bound,
        projectId: await projectOf(input, services, [from, to]),
        types: input.options['types']?.split(',').map((type) => type.trim()),
        force: input.flags.has('force'),
        dryRun,
        onProgress: (progress) => note(`${progress.events} events, the last one ${progress.lastEventId}`),
      };
      return services.get(ReplayEvents).execute(request);
    });
    const json = { events, last_event_id: lastEventId, dry_run: dryRun };
    return { json, text: fields(json) };
  },
};

/** The side of a project that the options and the cursors mean; undefined for all. */
async function projectOf(
  { options, flags }: Input,
  services: Services,
  ends: ReadonlyArray<End | undefined>,
): Promise<string | undefined> {
  const ids = ends.flatMap((end) => end?.projectId ?? []);
  const { project: slug } = options;
  if (slug !== undefined) {
    const projects = await services.get(ListProjects).execute();
    const project = projects.find((one) => one.slug === slug);
    if (!project) {
      const hint = '`helpdesk project list` shows those that there are.';
      throw new DomainError('project_not_found', `There is no project with the slug "${slug}". ${hint}`);
    }
    ids.push(flags.has('test') ? project.testProjectId : project.projectId);
  }
  if (new Set(ids).size > 1) {
    throw new UsageError('The cursors and --project are of several projects, or of the two sides of one.');
  }
  return ids[0];
}

function endOf(option: string, text: string): End {
  if (isUuid(text)) {
    return { bound: { eventId: text } };
  }
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    const time = new Date(text);
    if (!Number.isNaN(time.getTime())) {
      return { bound: { time } };
    }
  }
  return cursorOf(text) ?? wrongEnd(option, text);
}

/** Cursors of `GET /v1/helpdesk/events`. */
function cursorOf(text: string): End | undefined {
  try {
    return decodeCursor('events', text, (value) => {
      const [projectId, position] = Array.isArray(value) ? (value as unknown[]) : [];
      return typeof projectId === 'string' && isUuid(projectId) && Number.isSafeInteger(position)
        ? { bound: { position: position as number }, projectId }
        : undefined;
    });
  } catch {
    return undefined;
  }
}

function wrongEnd(option: string, text: string): never {
  throw new UsageError(
    `--${option} must be a time, such as 2027-01-31T08:00:00Z, the id of an event, or a cursor of the event log. "${text}" is none.`,
  );
}
