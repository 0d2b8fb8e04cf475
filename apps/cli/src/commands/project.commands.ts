import { CreateProject, ListProjects, UpdateProject } from '#projects';
import type { ProjectView } from '#projects';
import type { Command, Input, Output } from '../command-line/command';
import { required, UsageError } from '../command-line/command';
import { fields, table } from '../command-line/table';
import { runUseCase } from '../run-use-case';

const createProject: Command = {
  name: 'project create',
  summary: 'Create a project; answers its first keys, which cannot be shown again',
  options: {
    name: { kind: 'value', value: 'name', required: true, help: 'what people call it, 1 to 100 characters' },
    slug: {
      kind: 'value',
      value: 'slug',
      help: 'its short name, 2 to 40 of a-z, 0-9 and -; made from the name unless given',
    },
  },
  example: 'helpdesk project create --name "Acme"',
  async run(input, environment) {
    const command = { name: required(input, 'name'), slug: input.options['slug'] };
    const created = await runUseCase(environment(), (services) => services.get(CreateProject).execute(command));
    const json = {
      project_id: created.projectId,
      slug: created.slug,
      live_key: created.liveKey,
      test_key: created.testKey,
    };
    return { json, text: fields(json) };
  },
};

const listProjects: Command = {
  name: 'project list',
  summary: 'List the projects',
  example: 'helpdesk project list --json',
  async run(_input, environment) {
    const projects = await runUseCase(environment(), (services) => services.get(ListProjects).execute());
    const json = { projects: projects.map(toJson) };
    const text = table(
      projects.map(({ slug, name, projectId, createdAt }) => ({ slug, name, id: projectId, created: createdAt })),
      'There is no project. Create one: helpdesk project create --name <name>',
    );
    return { json, text };
  },
};

const updateProject: Command = {
  name: 'project update',
  summary: 'Change what a project may use',
  args: ['slug'],
  options: {
    'monthly-reply-quota': { kind: 'value', value: 'n', help: 'billed replies a month, or none' },
    'rate-limit': { kind: 'value', value: 'n', help: 'requests a minute, 0 for no limit, or none for the default' },
  },
  example: 'helpdesk project update acme --monthly-reply-quota 1000 --rate-limit 600',
  async run(input, environment): Promise<Output> {
    const command = {
      slug: required(input, 'slug'),
      monthlyReplyQuota: countOf(input, 'monthly-reply-quota'),
      rateLimitPerMinute: countOf(input, 'rate-limit'),
    };
    if (command.monthlyReplyQuota === undefined && command.rateLimitPerMinute === undefined) {
      throw new UsageError('There is nothing to change: give --monthly-reply-quota or --rate-limit.');
    }
    const project = await runUseCase(environment(), (services) => services.get(UpdateProject).execute(command));
    const json = toJson(project);
    return { json, text: fields(json) };
  },
};

/** Projects by command line. */
export const PROJECT_COMMANDS: readonly Command[] = [createProject, listProjects, updateProject];

function toJson(project: ProjectView): Record<string, unknown> {
  return {
    project_id: project.projectId,
    test_project_id: project.testProjectId,
    slug: project.slug,
    name: project.name,
    monthly_reply_quota: project.monthlyReplyQuota,
    rate_limit_per_minute: project.rateLimitPerMinute,
    created_at: project.createdAt,
  };
}

function countOf({ options }: Input, name: string): number | null | undefined {
  const text = options[name];
  if (text === undefined || text === 'none') {
    return text === undefined ? undefined : null;
  }
  if (!/^\d{1,15}$/.test(text)) {
    throw new UsageError(`--${name} must be a whole number from 0, or none. "${text}" is not.`);
  }
  return Number(text);
}
