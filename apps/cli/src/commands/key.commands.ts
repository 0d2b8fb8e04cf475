import { IssueKey, ListKeys, RevokeKey } from '#projects';
import type { IssueKeyCommand } from '#projects';
import type { Command } from '../command-line/command';
import { required, UsageError } from '../command-line/command';
import { fields, table } from '../command-line/table';
import { runUseCase } from '../run-use-case';

const createKey: Command = {
  name: 'key create',
  summary: 'Issue an API key; answers it this one time',
  options: {
    project: { kind: 'value', value: 'slug', required: true, help: 'the project' },
    test: { kind: 'flag', help: 'a key of the test side' },
    scopes: {
      kind: 'value',
      value: 'a,b',
      help: 'what it may do: names of scopes, or full, agent, read-only; full unless given',
    },
    expires: {
      kind: 'value',
      value: 'when',
      help: 'days, such as 30d, or a day, such as 2027-01-31; never unless given',
    },
  },
  example: 'helpdesk key create --project acme --scopes tickets:read,tickets:write --expires 30d',
  async run(input, environment) {
    const { scopes, expires } = input.options;
    const command: IssueKeyCommand = {
      slug: required(input, 'project'),
      side: input.flags.has('test') ? 'test' : 'live',
      scopes: scopes?.split(',').map((scope) => scope.trim()),
      ...(expires !== undefined && expiryOf(expires)),
    };
    const issued = await runUseCase(environment(), (services) => services.get(IssueKey).execute(command));
    const json = { key_id: issued.keyId, key: issued.key };
    return { json, text: fields(json) };
  },
};

const listKeys: Command = {
  name: 'key list',
  summary: 'List the API keys of a project; of each only its beginning is known',
  options: { project: { kind: 'value', value: 'slug', required: true, help: 'the project' } },
  example: 'helpdesk key list --project acme',
  async run(input, environment) {
    const slug = required(input, 'project');
    const keys = await runUseCase(environment(), (services) => services.get(ListKeys).execute(slug));
    const rows = keys.map((key) => ({
      key_id: key.keyId,
      side: key.side,
      prefix: key.prefix,
      scopes: key.scopes,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
      last_used_at: key.lastUsedAt,
      revoked_at: key.revokedAt,
    }));
    return {
      json: { keys: rows },
      text: table(rows, `The project has no keys. Issue one: helpdesk key create --project ${slug}`),
    };
  },
};

const revokeKey: Command = {
  name: 'key revoke',
  summary: 'Take an API key out of use; every process refuses it within 10 seconds',
  args: ['key_id'],
  example: 'helpdesk key revoke 019bd3f2-6c00-7000-8000-1f2e3d4c5b6a',
  async run(input, environment) {
    const keyId = required(input, 'key_id');
    const revoked = await runUseCase(environment(), (services) => services.get(RevokeKey).execute(keyId));
    const json = { key_id: revoked.keyId, revoked_at: revoked.revokedAt };
    return { json, text: fields(json) };
  },
};

/** API keys by command line. */
export const KEY_COMMANDS: readonly Command[] = [createKey, listKeys, revokeKey];

function expiryOf(text: string): Pick<IssueKeyCommand, 'expiresInDays' | 'expiresAt'> {
  const [, days] = /^(\d{1,9})d$/.exec(text) ?? [];
  if (days !== undefined) {
    return { expiresInDays: Number(days) };
  }
  const expiresAt = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text) : undefined;
  if (!expiresAt || Number.isNaN(expiresAt.getTime())) {
    throw new UsageError(`--expires must be days, such as 30d, or a day, such as 2027-01-31. "${text}" is neither.`);
  }
  return { expiresAt };
}
