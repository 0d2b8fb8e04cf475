import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { KEY_SCOPES } from '#contracts';
import { UnitOfWork } from '#database';
import type { WorkerTx } from '#database';
import { Clock } from '#platform';
import { HelpdeskSettingsEntity, ProjectEntity, TicketCounterEntity } from '#schema';
import { checkedName, checkedSlug } from '../domain/project-input';
import { KeyPepper } from '../key-pepper/key-pepper';
import { insertKey, makeKey } from '../persistence/insert-key';
import { claimDerivedSlug, claimGivenSlug } from './claim-slug';

/** A project to create. */
export interface CreateProjectCommand {
  /** 1 to 100 characters, one line. */
  readonly name: string;
  /** Derived from the name unless given. */
  readonly slug?: string;
}

/** The new project with its first keys, which cannot be seen again. */
export interface CreatedProject {
  readonly projectId: string;
  readonly testProjectId: string;
  readonly slug: string;
  readonly liveKey: string;
  readonly testKey: string;
}

/** Creates a project: both its sides, its settings, and a key of every scope for each side. */
@Injectable()
export class CreateProject {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
    private readonly pepper: KeyPepper,
  ) {}

  /** @throws {DomainError} `validation_failed`; `conflict` when the given slug is taken. */
  async execute({ name, slug }: CreateProjectCommand): Promise<CreatedProject> {
    const project = { id: uuidv7(), name: checkedName(name), createdAt: this.clock.now() };
    const given = slug === undefined ? undefined : checkedSlug(slug);
    const [live, test] = [await makeKey(this.pepper, 'live'), await makeKey(this.pepper, 'test')];
    return this.uow.runAsWorker(async (tx) => {
      const claimed =
        given === undefined ? await claimDerivedSlug(tx, project) : await claimGivenSlug(tx, project, given);
      const testProjectId = await insertSides(tx, project);
      const grant = { liveProjectId: project.id, scopes: KEY_SCOPES, createdAt: project.createdAt, expiresAt: null };
      await insertKey(tx, live, grant);
      await insertKey(tx, test, grant);
      return { projectId: project.id, testProjectId, slug: claimed, liveKey: live.key, testKey: test.key };
    });
  }
}

/** Everything that a live project has from its first moment on. Answers the test side's id. */
async function insertSides(
  { manager }: WorkerTx,
  { id, name, createdAt }: { readonly id: string; readonly name: string; readonly createdAt: Date },
): Promise<string> {
  const testProjectId = uuidv7();
  await manager.insert(ProjectEntity, { id: testProjectId, liveProjectId: id, name, createdAt });
  await manager.insert(HelpdeskSettingsEntity, { projectId: id, updatedAt: createdAt });
  await manager.insert(TicketCounterEntity, [{ projectId: id }, { projectId: testProjectId }]);
  return testProjectId;
}
