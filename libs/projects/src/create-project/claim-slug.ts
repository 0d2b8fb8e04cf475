import { DomainError } from '#contracts';
import type { WorkerTx } from '#database';
import { numberedSlug, slugOf } from '../domain/slug';

/** The live side to be, which owns the slug. */
export interface NewLiveProject {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** How much of a slug every one of its numbered forms keeps. */
const KEPT_LENGTH = 30;

/**
 * Inserts the live project under the slug that was asked for.
 * @throws {DomainError} `conflict` when another project has it.
 */
export async function claimGivenSlug(tx: WorkerTx, project: NewLiveProject, slug: string): Promise<string> {
  if (!(await insert(tx, project, slug))) {
    throw new DomainError('conflict', `The slug "${slug}" is taken by another project. Choose another one.`);
  }
  return slug;
}

/** Inserts the live project under the first free form of the slug that its name gives. */
export async function claimDerivedSlug(tx: WorkerTx, project: NewLiveProject): Promise<string> {
  const wanted = slugOf(project.name);
  for (;;) {
    const free = await firstFree(tx, wanted);
    // Whoever creates a project of that name at the same moment may be faster; then the next one is free.
    if (await insert(tx, project, free)) {
      return free;
    }
  }
}

async function firstFree(tx: WorkerTx, wanted: string): Promise<string> {
  const rows = await tx.query<{ slug: string }>({
    text: 'SELECT slug FROM project WHERE starts_with(slug, $1)',
    values: [wanted.slice(0, KEPT_LENGTH)],
  });
  const taken = new Set(rows.map(({ slug }) => slug));
  let number = 1;
  while (taken.has(numberedSlug(wanted, number))) {
    number++;
  }
  return numberedSlug(wanted, number);
}

/** False when the slug is taken. A parallel claim is waited for: it may yet be taken back. */
async function insert(tx: WorkerTx, { id, name, createdAt }: NewLiveProject, slug: string): Promise<boolean> {
  const rows = await tx.query({
    text: `INSERT INTO project (id, slug, name, created_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (slug) WHERE slug IS NOT NULL DO NOTHING RETURNING id`,
    values: [id, slug, name, createdAt],
  });
  return rows.length > 0;
}
