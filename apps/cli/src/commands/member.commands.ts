import { MEMBER_ROLES } from '#contracts';
import { AddMember, ListMembers, RemoveMember } from '#projects';
import type { Command } from '../command-line/command';
import { required } from '../command-line/command';
import { fields, table } from '../command-line/table';
import { runUseCase } from '../run-use-case';

const addMember: Command = {
  name: 'member add',
  summary: 'Make a person a member of a project',
  options: {
    project: { kind: 'value', value: 'slug', required: true, help: 'the project' },
    email: { kind: 'value', value: 'address', required: true, help: 'the e-mail address' },
    name: { kind: 'value', value: 'name', required: true, help: 'the name that customers and colleagues see' },
    role: { kind: 'value', value: 'role', required: true, help: `one of ${MEMBER_ROLES.join(', ')}` },
  },
  example: 'helpdesk member add --project acme --email olga@example.com --name Olga --role support',
  async run(input, environment) {
    const command = {
      slug: required(input, 'project'),
      email: required(input, 'email'),
      name: required(input, 'name'),
      role: required(input, 'role'),
    };
    const { memberId } = await runUseCase(environment(), (services) => services.get(AddMember).execute(command));
    const json = { member_id: memberId };
    return { json, text: fields(json) };
  },
};

const listMembers: Command = {
  name: 'member list',
  summary: 'List the members of a project',
  options: { project: { kind: 'value', value: 'slug', required: true, help: 'the project' } },
  example: 'helpdesk member list --project acme',
  async run(input, environment) {
    const slug = required(input, 'project');
    const members = await runUseCase(environment(), (services) => services.get(ListMembers).execute(slug));
    const rows = members.map((member) => ({
      member_id: member.memberId,
      email: member.email,
      name: member.name,
      role: member.role,
      created_at: member.createdAt,
    }));
    return { json: { members: rows }, text: table(rows, 'The project has no members.') };
  },
};

const removeMember: Command = {
  name: 'member remove',
  summary: 'End a membership; history and messages keep the name',
  args: ['member_id'],
  example: 'helpdesk member remove 019bd3f2-6c00-7000-8000-1f2e3d4c5b6a',
  async run(input, environment) {
    const memberId = required(input, 'member_id');
    await runUseCase(environment(), (services) => services.get(RemoveMember).execute(memberId));
    return { json: { member_id: memberId, removed: true }, text: `${memberId} is no longer a member.` };
  },
};

/** Members by command line. */
export const MEMBER_COMMANDS: readonly Command[] = [addMember, listMembers, removeMember];
