import { Global, Module } from '@nestjs/common';
import { AddMember } from './add-member/add-member.use-case';
import { AgentDirectory } from './agents/agent-directory.query';
import { AuthenticateKey } from './authenticate/authenticate-key.use-case';
import { KeyUseRecorder } from './authenticate/key-use-recorder';
import { LimitRequests } from './authenticate/limit-requests';
import { CreateProject } from './create-project/create-project.use-case';
import { GetProject } from './get-project/get-project.query';
import { IssueKey } from './issue-key/issue-key.use-case';
import { KeyPepper } from './key-pepper/key-pepper';
import { ListKeys } from './list-keys/list-keys.query';
import { ListMembers } from './list-members/list-members.query';
import { ListProjects } from './list-projects/list-projects.query';
import { MoveTestClock } from './move-clock/move-test-clock.use-case';
import { ProjectNameQuery } from './read-project/project-name.query';
import { RemoveMember } from './remove-member/remove-member.use-case';
import { RevokeKey } from './revoke-key/revoke-key.use-case';
import { UpdateProject } from './update-project/update-project.use-case';

const USE_CASES = [
  AddMember,
  AgentDirectory,
  CreateProject,
  GetProject,
  IssueKey,
  ListKeys,
  ListMembers,
  ListProjects,
  MoveTestClock,
  ProjectNameQuery,
  RemoveMember,
  RevokeKey,
  UpdateProject,
];

/**
 * Projects, their keys and their members. Global, because the guard of {@link ProjectApi} is made in the module of each
 * controller that carries it, and finds what it needs here.
 */
@Global()
@Module({
  providers: [...USE_CASES, AuthenticateKey, KeyPepper, KeyUseRecorder, LimitRequests],
  exports: [...USE_CASES, AuthenticateKey, LimitRequests],
})
export class ProjectsModule {}
