import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { goodRequest } from '../bad-input/good-request';
import { Tenant } from '../isolation/tenant';

interface Example {
  readonly summary: string;
  readonly value: object;
}

const EXAMPLES = operationsOf(API_DOCUMENT).flatMap((described) => {
  const { examples = {} } = described.operation.requestBody?.content?.['application/json'] ?? {};
  return Object.entries(examples as Readonly<Record<string, Example>>).map(
    ([name, example]) => [`${described.operation.operationId} (${name})`, described, example.value] as const,
  );
});

/** Where the examples name things that this project does not have. */
const UNKNOWN = ['not_found', 'newer_messages', 'conflict'];

describe('the examples of the API document', () => {
  let service: TestService;
  let tenant: Tenant;

  beforeAll(async () => {
    service = await startTestService();
    tenant = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
  });
  afterAll(() => service.close());

  it('are there', () => {
    expect(EXAMPLES.length).toBeGreaterThan(10);
  });

  it.each(EXAMPLES)('%s is a request that works, but for ids that are made up', async (_name, described, body) => {
    const { method, path } = goodRequest(described, tenant);
    const { project } = tenant;
    const key = path.startsWith('/v1/test/') ? project.testKey : project.liveKey;
    const answer = await tenant.request(method, path, { body, key });
    if (answer.status >= 300) {
      const { code, details } = answer.body as { code: string; details?: { code: string }[] };
      const reasons = details?.map((detail) => detail.code) ?? [code];
      expect(reasons.filter((reason) => !UNKNOWN.includes(reason))).toEqual([]);
    }
  });

  it.each(
    operationsOf(API_DOCUMENT)
      .filter(({ method }) => method === 'GET')
      .map((one) => [one.path, one] as const),
  )('of the parameters of GET %s are taken', async (_path, described) => {
    const { path } = goodRequest(described, tenant);
    const known = (described.operation.parameters ?? []).filter(
      ({ in: place, name }) => place === 'query' && !['cursor', 'after'].includes(name ?? ''),
    );
    for (const { name = '', example } of known) {
      const answer = await tenant.request('GET', `${path}?${name}=${encodeURIComponent(String(example))}`);
      expect([name, answer.status]).toEqual([name, 200]);
    }
  });
});
