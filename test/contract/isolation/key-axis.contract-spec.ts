import { KEY_SCOPES } from '#contracts';
import type { KeyScope } from '#contracts';
import { IssueKey, RevokeKey } from '#projects';
import type { IssuedKey } from '#projects';
import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import type { DescribedOperation } from '../../support/api-document';
import { sendRequest } from '../../support/send-request';
import type { Answer, RequestOptions } from '../../support/send-request';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { makeApiKey } from '../../../libs/projects/src/domain/api-key';
import { requestsOf } from './sweep';
import { Tenant } from './tenant';
import { readTenantRows } from './tenant-rows';

const OPERATIONS = operationsOf(API_DOCUMENT)
  .filter(({ operation }) => (operation.security ?? []).length > 0)
  .map((described) => [`${described.method} ${described.path}`, described] as const);

/** The scopes of which an operation needs one, as the document says it. */
function scopesOf({ operation }: DescribedOperation): readonly KeyScope[] {
  const [, list = ''] = /Scope: (`.+`)\.$/.exec(operation.description ?? '') ?? [];
  return list.split(' or ').map((scope) => scope.replaceAll('`', '') as KeyScope);
}

/** What a refusal is, but for the request's id. */
const refusalOf = ({ status, body }: Answer): object => ({ status, ...(body as object), request_id: undefined });

describe('an operation', () => {
  let service: TestService;
  let tenant: Tenant;
  let revoked: string;
  let expired: string;

  beforeAll(async () => {
    service = await startTestService();
    tenant = await Tenant.settle(service, await service.createProject(), { side: 'live', firstNumber: 1 });
    const [toRevoke, toExpire] = [await issue(['full']), await issue(['full'])];
    [revoked, expired] = [toRevoke.key, toExpire.key];
    await service.service.app.get(RevokeKey, { strict: false }).execute(toRevoke.keyId);
    await service.db.sql('UPDATE api_key SET expires_at = now() WHERE id = $1', [toExpire.keyId]);
  });
  afterAll(() => service.close());

  it.each(OPERATIONS)('%s refuses a request without a key', async (_name, described) => {
    const answers = [
      await send(described, { key: null }),
      await send(described, { key: null, headers: { Authorization: '' } }),
      await send(described, { key: null, headers: { Authorization: 'Bearer ' } }),
      await send(described, { key: null, headers: { Authorization: `Basic ${tenant.key}` } }),
      await send(described, { key: null, headers: { Authorization: tenant.key } }),
      await send(described, { key: null, headers: { 'X-Api-Key': tenant.key } }),
      await send(described, { key: null, headers: { Cookie: `key=${tenant.key}` } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(new Set(answers.map(({ body }) => (body as { code: string }).code))).toEqual(new Set(['unauthorized']));
  });

  it.each(OPERATIONS)('%s refuses a key in the address, whatever the header says', async (_name, described) => {
    for (const query of [`?key=${tenant.key}`, `?${tenant.key}`, `?limit=1&access_token=${tenant.key}`]) {
      expect(await send(described, {}, query)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
  });

  it.each(OPERATIONS)('%s refuses every key that is not valid in the same words', async (_name, described) => {
    const mistyped = tenant.key.slice(0, -1) + (tenant.key.endsWith('a') ? 'b' : 'a');
    const keys = [
      makeApiKey('live'),
      makeApiKey('test'),
      mistyped,
      revoked,
      expired,
      'nonsense',
      `${tenant.key}x`,
      `${tenant.key} x`,
    ];
    const answers = await Promise.all(keys.map((key) => send(described, { key })));
    const [unknown] = answers;
    expect(unknown).toMatchObject({ status: 401, body: { code: 'invalid_api_key' } });
    expect(answers.map(refusalOf)).toEqual(answers.map(() => refusalOf(unknown as Answer)));
  });

  it.each(OPERATIONS)('%s refuses keys of every other scope, and takes those of its own', async (_name, described) => {
    const needed = scopesOf(described);
    const others = KEY_SCOPES.filter((scope) => !needed.includes(scope));
    for (const scopes of [...others.map((scope) => [scope]), others]) {
      const answer = await send(described, { key: (await issue(scopes)).key });
      expect([scopes, answer.status, answer.body]).toEqual([
        scopes,
        403,
        expect.objectContaining({ code: 'insufficient_scope', error: expect.stringContaining(needed.join(' or ')) }),
      ]);
    }
    for (const scope of needed) {
      const own = await send(described, { key: (await issue([scope])).key });
      expect(own.status).not.toBe(401);
      expect((own.body as { readonly code?: string } | null)?.code).not.toBe('insufficient_scope');
    }
  });

  it('changes nothing when it refuses the key', async () => {
    const before = await rowsWithoutKeys();
    for (const [, described] of OPERATIONS) {
      await send(described, { key: null });
      await send(described, { key: revoked });
      await send(described, {
        key: (await issue(KEY_SCOPES.filter((scope) => !scopesOf(described).includes(scope)))).key,
      });
    }
    expect(await rowsWithoutKeys()).toEqual(before);
  });

  /** Keys are issued here, and note when they were used. */
  async function rowsWithoutKeys(): Promise<object> {
    const { tables } = await readTenantRows(service.db, tenant.projectId, { whole: true });
    return { ...tables, api_key: undefined };
  }

  async function issue(scopes: readonly string[]): Promise<IssuedKey> {
    const { slug } = tenant.project;
    return service.service.app.get(IssueKey, { strict: false }).execute({ slug, side: 'live', scopes });
  }

  /** A request that works, but for its key. */
  async function send(described: DescribedOperation, options: RequestOptions, query = ''): Promise<Answer> {
    const [request] = requestsOf(described, tenant);
    const path = described.path.replace(/\{(\w+)\}/g, (_all, name: string) => String(request?.path?.[name]));
    return sendRequest(service.url, described.method, path + query, {
      key: tenant.key,
      body: request?.body,
      ...options,
    });
  }
});
