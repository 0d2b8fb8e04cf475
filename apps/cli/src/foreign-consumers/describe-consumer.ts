import { addressFor } from '#messaging';
import type { AddedConsumer, ConsumerScript, Credentials, ForeignConsumer } from '#messaging';
import type { Output } from '../command-line/command';
import { fields } from '../command-line/table';

/** A consumer in JSON, and a field a line for people. */
export function toJson(consumer: ForeignConsumer): Record<string, unknown> {
  const { bounds } = consumer;
  return {
    name: consumer.name,
    project: consumer.project,
    side: consumer.side,
    project_id: consumer.projectId,
    events: consumer.events === 'all' ? ['all'] : consumer.events,
    user: consumer.user,
    vhost: consumer.vhost,
    queue: consumer.queue,
    stream: consumer.stream,
    bindings: consumer.bindings,
    max_length: bounds?.maxLength ?? null,
    max_bytes: bounds?.maxBytes ?? null,
    ttl_seconds: bounds?.ttlSeconds ?? null,
    messages: consumer.messages,
    consumers: consumer.consumers,
    missing: consumer.missing,
  };
}

/** A consumer in a list for people. */
export function toRow(consumer: ForeignConsumer): Record<string, unknown> {
  const { missing } = consumer;
  return {
    project: consumer.project,
    side: consumer.side,
    name: consumer.name,
    events: consumer.events,
    queue: consumer.queue,
    stream: consumer.stream === null ? 'no' : 'yes',
    messages: consumer.messages,
    consumers: consumer.consumers,
    state: missing.length === 0 ? 'whole' : `without ${missing.join(', ')}: add it again, or remove it`,
  };
}

/** What `add` answers: everything that the other side needs. */
export function describeAdded({ consumer, password }: AddedConsumer, brokerUrl: string): Output {
  const { user } = consumer;
  const url = addressFor(brokerUrl, password === null ? undefined : { user, password });
  const json = { ...toJson(consumer), password, url };
  const { name, project, side } = consumer;
  const note =
    password === null
      ? `The user was there before and keeps its password. For another: helpdesk consumer rotate-password ${name} --project ${project}${side === 'test' ? ' --test' : ''}`
      : 'Note the password down now: it cannot be shown again.';
  return { json, text: `${fields(json)}\n\n${note}` };
}

/** What `rotate-password` answers. */
export function describeRotated(credentials: Credentials, brokerUrl: string): Output {
  const json = { ...credentials, url: addressFor(brokerUrl, credentials) };
  return { json, text: `${fields(json)}\n\nNote the password down now: it cannot be shown again.` };
}

/** What a command answers with `--print`: lines for a shell. */
export function describeScript({ script, credentials }: ConsumerScript, brokerUrl: string): Output {
  const { user, password } = credentials;
  const url = addressFor(brokerUrl, credentials);
  const text = [
    `# The password that this sets: ${password}`,
    '# Note it down now: it cannot be shown again. To print the command again makes another one.',
    `# The address for the other side: ${url}`,
    script,
  ].join('\n');
  return { json: { user, password, url, script }, text };
}
