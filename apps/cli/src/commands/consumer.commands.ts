import { scriptToAdd, scriptToRemove, scriptToRotate } from '#messaging';
import { GetProject } from '#projects';
import type { Environment } from '#platform';
import type { Command, Input, OptionSpec } from '../command-line/command';
import { required } from '../command-line/command';
import { fields, table } from '../command-line/table';
import { describeAdded, describeRotated, describeScript, toJson, toRow } from '../foreign-consumers/describe-consumer';
import { findBroker, findConsumers } from '../foreign-consumers/find-broker';
import { readBounds, readEvents, readKey } from '../foreign-consumers/read-options';
import { runUseCase } from '../run-use-case';

const PROJECT: Readonly<Record<string, OptionSpec>> = {
  project: { kind: 'value', value: 'slug', required: true, help: 'the project whose events it gets' },
  test: { kind: 'flag', help: 'the test side of the project' },
};

const PRINT: OptionSpec = {
  kind: 'flag',
  help: 'change nothing, and print what to run on the broker’s machine, where there is no management API',
};

const addConsumer: Command = {
  name: 'consumer add',
  summary: 'Let another company’s service take events from RabbitMQ; answers its password, which cannot be shown again',
  args: ['name'],
  options: {
    ...PROJECT,
    events: {
      kind: 'value',
      value: 'a,b',
      required: true,
      help: 'types of events, or all: every type there is or will be, internal notes included',
    },
    stream: { kind: 'flag', help: 'also a stream of its own, which keeps seven days for replay' },
    'max-length': { kind: 'value', value: 'n', help: 'messages that its queue keeps; 100000 unless given' },
    'max-bytes': { kind: 'value', value: 'n', help: 'bytes that its queue keeps; 200000000 unless given' },
    ttl: { kind: 'value', value: 'time', help: 'how long its queue keeps a message, such as 12h; 7d unless given' },
    print: PRINT,
  },
  example: 'helpdesk consumer add crm --project acme --events ticket.created,ticket.closed',
  async run(input, readEnvironment) {
    const wish = {
      key: readKey(input),
      events: readEvents(input),
      bounds: readBounds(input),
      stream: input.flags.has('stream'),
    };
    const environment = readEnvironment();
    const { url, place } = findBroker(environment);
    if (input.flags.has('print')) {
      const projectId = await projectIdOf(input, environment);
      return describeScript(scriptToAdd({ ...wish, projectId }, place), url);
    }
    const consumers = findConsumers(environment);
    const projectId = await projectIdOf(input, environment);
    return describeAdded(await consumers.add({ ...wish, projectId }), url);
  },
};

const listConsumers: Command = {
  name: 'consumer list',
  summary: 'List other companies’ consumers that RabbitMQ has',
  options: { project: { kind: 'value', value: 'slug', help: 'only of this project' } },
  example: 'helpdesk consumer list',
  async run(input, readEnvironment) {
    const { project } = input.options;
    const all = await findConsumers(readEnvironment()).list();
    const consumers = all.filter((consumer) => project === undefined || consumer.project === project);
    const text = table(
      consumers.map(toRow),
      'There is no consumer. Add one: helpdesk consumer add <name> --project <slug> --events all',
    );
    return { json: { consumers: consumers.map(toJson) }, text };
  },
};

const showConsumer: Command = {
  name: 'consumer show',
  summary: 'Show another company’s consumer: its rights, its queue, and how much waits there',
  args: ['name'],
  options: PROJECT,
  example: 'helpdesk consumer show crm --project acme',
  async run(input, readEnvironment) {
    const json = toJson(await findConsumers(readEnvironment()).show(readKey(input)));
    return { json, text: fields(json) };
  },
};

const removeConsumer: Command = {
  name: 'consumer remove',
  summary: 'Take another company’s consumer away, with its connections, its queue, its stream and all that is in them',
  args: ['name'],
  options: { ...PROJECT, print: PRINT },
  example: 'helpdesk consumer remove crm --project acme',
  async run(input, readEnvironment) {
    const key = readKey(input);
    const environment = readEnvironment();
    if (input.flags.has('print')) {
      const script = scriptToRemove(key, findBroker(environment).place);
      return { json: { script }, text: script };
    }
    await findConsumers(environment).remove(key);
    return { json: { name: key.name, removed: true }, text: 'Removed.' };
  },
};

const rotatePassword: Command = {
  name: 'consumer rotate-password',
  summary: 'Give another company’s consumer a new password, shown this one time, and end its connections',
  args: ['name'],
  options: { ...PROJECT, print: PRINT },
  example: 'helpdesk consumer rotate-password crm --project acme',
  async run(input, readEnvironment) {
    const key = readKey(input);
    const environment = readEnvironment();
    const { url, place } = findBroker(environment);
    return input.flags.has('print')
      ? describeScript(scriptToRotate(key, place), url)
      : describeRotated(await findConsumers(environment).rotatePassword(key), url);
  },
};

/** Other companies' consumers by command line. */
export const CONSUMER_COMMANDS: readonly Command[] = [
  addConsumer,
  listConsumers,
  showConsumer,
  removeConsumer,
  rotatePassword,
];

async function projectIdOf(input: Input, environment: Environment): Promise<string> {
  const slug = required(input, 'project');
  const project = await runUseCase(environment, (services) => services.get(GetProject).execute(slug));
  return input.flags.has('test') ? project.testProjectId : project.projectId;
}
