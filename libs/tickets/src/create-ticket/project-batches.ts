import type { ProjectScope } from '#database';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Most items that are stored together. */
const MAX_BATCH = 50;

/**
 * Gathers work of one project while earlier work of that project is under way, and then does it together.
 *
 * When a batch of several fails, each of its items is done alone, so that one bad item cannot fail the others. That is safe
 * because a batch is one transaction: failed means that nothing of it happened. A failure that leaves this open (the connection
 * died during COMMIT) is passed on instead, see `isAmbiguous`.
 */
export class ProjectBatches<Item, Result> {
  private readonly queues = new Map<string, Array<Waiting<Item, Result>>>();

  constructor(private readonly work: (scope: ProjectScope, items: readonly Item[]) => Promise<readonly Result[]>) {}

  /** Does the item, alone or together with others of its project. */
  async add(scope: ProjectScope, item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = this.queues.get(scope.projectId);
      if (queue) {
        queue.push(waiting);
      } else {
        this.queues.set(scope.projectId, [waiting]);
        void this.drain(scope);
      }
    });
  }

  private async drain(scope: ProjectScope): Promise<void> {
    const queue = this.queues.get(scope.projectId) ?? [];
    while (queue.length > 0) {
      await this.run(scope, queue.splice(0, MAX_BATCH));
    }
    this.queues.delete(scope.projectId);
  }

  private async run(scope: ProjectScope, batch: ReadonlyArray<Waiting<Item, Result>>): Promise<void> {
    try {
      const results = await this.work(
        scope,
        batch.map(({ item }) => item),
      );
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1 || isAmbiguous(error)) {
        batch.forEach(({ reject }) => reject(error));
        return;
      }
      for (const one of batch) {
        await this.run(scope, [one]);
      }
    }
  }
}

/** True unless the database or a use case itself said no: then nobody knows whether the transaction was committed. */
function isAmbiguous(error: unknown): boolean {
  const { name, severity } = error as { name?: string; severity?: string };
  return name !== 'DomainError' && severity !== 'ERROR';
}
