import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import type { DescribedOperation } from '../../support/api-document';
import { eventually } from '../../support/eventually';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { idParametersOf } from './id-parameters';
import { PROBE_REQUESTS } from './probe-requests';
import { commonKey, requestsOf, sendProbe, Sweep } from './sweep';
import { Tenant } from './tenant';
import { readTenantRows } from './tenant-rows';
import type { TenantRows } from './tenant-rows';

/** Operations with a key, in the order of their probes: those that change most come last. */
const OPERATIONS = operationsOf(API_DOCUMENT)
  .filter(({ operation }) => (operation.security ?? []).length > 0)
  .toSorted((a, b) => orderOf(a) - orderOf(b));

function orderOf({ operation }: DescribedOperation): number {
  return Object.keys(PROBE_REQUESTS).indexOf(operation.operationId ?? '');
}

/** The owner has answers stored under the very keys that the asker will use. */
async function useCommonKeys(owner: Tenant): Promise<void> {
  const posts = OPERATIONS.filter(({ method }) => method === 'POST');
  for (const described of posts.filter(({ operation }) => operation.operationId !== 'resetTestSide')) {
    for (const request of requestsOf(described, owner)) {
      await sendProbe(owner, { described, request, headers: commonKey(described, request) });
    }
  }
}

describe('a project', () => {
  let service: TestService;
  const counts = { controls: 0, probes: 0, leaks: 0 };

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(async () => {
    const parameters = OPERATIONS.flatMap(idParametersOf).length;
    process.stdout.write(
      `Tenant sweep: ${OPERATIONS.length} operations with ${parameters} id parameters; ` +
        `${counts.probes} cross-tenant probes, ${counts.controls} of them controls; ${counts.leaks} leaks\n`,
    );
    await service.close();
  });

  it('is tried by every operation and every id in it', async () => {
    const tenant = await settle(await service.createProject(), 'live', 1);
    const tried = (described: DescribedOperation) => requestsOf(described, tenant).flatMap(({ tries }) => tries);
    expect(Object.keys(PROBE_REQUESTS).toSorted()).toEqual(
      OPERATIONS.map(({ operation }) => operation.operationId).toSorted(),
    );
    for (const described of OPERATIONS) {
      const { operationId } = described.operation;
      expect([operationId, tried(described).toSorted()]).toEqual([
        operationId,
        idParametersOf(described)
          .map(({ name }) => name)
          .toSorted(),
      ]);
      expect(requestsOf(described, tenant).length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['another project from its live side', 'live', 'live', true],
    ['another project from its test side', 'test', 'test', true],
    ['the live side of another project from a test side', 'test', 'live', true],
    ['its own test side from the live side', 'live', 'test', false],
    ['its own live side from the test side', 'test', 'live', false],
  ] as const)('neither sees nor changes %s', async (_name, askerSide, ownerSide, apart) => {
    const project = await service.createProject();
    const asker = await settle(project, askerSide, 1);
    const owner = await settle(apart ? await service.createProject() : project, ownerSide, 500_001);
    await useCommonKeys(owner);
    const before = await settledRows(owner, apart);

    const sweep = new Sweep(asker, owner, before.ids, apart, counts);
    await sweep.run(OPERATIONS);

    expect(sweep.faults).toEqual([]);
    expect((await settledRows(owner, apart)).tables).toEqual(before.tables);
  });

  it('would not pass if an id of another one worked', async () => {
    const [asker, owner] = [
      await settle(await service.createProject(), 'live', 1),
      await settle(await service.createProject(), 'live', 500_001),
    ];
    const { ids } = await settledRows(owner, true);
    const sweep = new Sweep(asker.withKeyOf(owner), owner, ids, true, { controls: 0, probes: 0, leaks: 0 });
    await sweep.run(OPERATIONS.filter(({ operation }) => operation.operationId === 'getTicket'));
    expect(sweep.faults).toEqual([
      expect.stringContaining('getTicket : the own id fails (404'),
      expect.stringContaining('getTicket with id = ' + owner.ids['ticket'] + ': a leak of '),
      expect.stringContaining('getTicket with id = ' + owner.ids['ticket'] + ': an oracle'),
    ]);
  });

  async function settle(
    project: Awaited<ReturnType<TestService['createProject']>>,
    side: 'live' | 'test',
    firstNumber: number,
  ): Promise<Tenant> {
    return Tenant.settle(service, project, { side, firstNumber });
  }

  /** Read when all events are told, so that nothing but a request can change the rows any more. */
  async function settledRows(owner: Tenant, whole: boolean): Promise<TenantRows> {
    await eventually(async () => {
      const [open] = await service.db.sql<{ count: number }>(
        'SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL',
      );
      expect(open?.count).toBe(0);
    });
    return readTenantRows(service.db, owner.projectId, { whole });
  }
});
