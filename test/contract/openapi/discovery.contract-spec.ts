import { ERROR_STATUS } from '#contracts';
import { API_DOCUMENT, operationsOf } from '../../support/api-document';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

const PUBLIC_URL = 'https://support.example.com/helpdesk';

interface Page {
  readonly status: number;
  readonly type: string | null;
  readonly policy: string | null;
  readonly headers: Headers;
  readonly text: string;
}

describe('what the API says of itself', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ env: { PUBLIC_URL, RATE_LIMIT_PER_MINUTE: '2' } });
  });
  afterAll(() => service.close());

  const get = async (path: string): Promise<Page> => {
    const answer = await fetch(service.url + path);
    const { status, headers } = answer;
    const [type, policy] = [headers.get('content-type'), headers.get('content-security-policy')];
    return { status, type, policy, headers, text: await answer.text() };
  };

  it('needs no key and counts against no limit', async () => {
    const pages = ['/openapi.json', '/docs', '/docs/errors', '/llms.txt'];
    const answers = await Promise.all([...pages, ...pages, ...pages].map(get));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ headers }) => headers.has('ratelimit'))).toEqual([]);
  });

  it('names the address at which the installation is reached', async () => {
    const document = JSON.parse((await get('/openapi.json')).text) as typeof API_DOCUMENT;
    expect(document.servers).toEqual([expect.objectContaining({ url: PUBLIC_URL })]);
    expect(JSON.stringify(document)).not.toContain('localhost');
    expect((await get('/llms.txt')).text).toContain(`Base address: ${PUBLIC_URL}\n`);
  });

  it('is a page for people whose parts all come from here', async () => {
    const page = await get('/docs');
    expect(page.type).toBe('text/html; charset=utf-8');
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? '');
    expect(parts).toHaveLength(6);
    expect(parts.filter((part) => !part.startsWith('/helpdesk/'))).toEqual([]);
    for (const part of parts) {
      const { status, text } = await get(part.replace('/helpdesk', ''));
      expect([part, status, text.length > 0]).toEqual([part, 200, true]);
    }
  });

  it('lets its pages load nothing from elsewhere, and run nothing that stands in them', async () => {
    for (const path of ['/docs', '/docs/errors']) {
      const { policy, text } = await get(path);
      expect(policy?.split('; ')).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]);
      expect(text).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
    }
    expect((await get('/openapi.json')).policy).toBe("default-src 'none';frame-ancestors 'none'");
  });

  it('gives out no other files than those of the page', async () => {
    const wanted = [
      'package.json',
      'constructor',
      '__proto__',
      '..%2fpackage.json',
      '%2e%2e%2fpackage.json',
      'swagger-ui.js',
    ];
    for (const name of wanted) {
      const { status, headers, text } = await get(`/docs/assets/${name}`);
      expect([name, status, JSON.parse(text)]).toEqual([name, 404, expect.objectContaining({ code: 'not_found' })]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('explains every error at the place that docs_url leads to', async () => {
    const { body } = await (await service.createProject()).request<{ docs_url: string }>('GET', '/v1/nothing');
    const url = new URL(body.docs_url);
    expect(url.href.startsWith(`${PUBLIC_URL}/docs/errors#`)).toBe(true);
    const { text } = await get(url.pathname.replace('/helpdesk', ''));
    for (const [code, status] of Object.entries(ERROR_STATUS)) {
      expect(text).toContain(`<section id="${code}">`);
      expect(text).toContain(`<code>${code}</code></a> <small>${status}</small>`);
    }
  });

  it('tells AI agents of every operation, of the key and of the links', async () => {
    const { type, text } = await get('/llms.txt');
    expect(type).toBe('text/plain; charset=utf-8');
    for (const { method, path } of operationsOf(API_DOCUMENT)) {
      expect(text).toContain(`\`${method} ${path}\`: `);
    }
    expect(text).toContain('Authorization: Bearer');
    expect(text).toContain(`(${PUBLIC_URL}/openapi.json)`);
    expect(text.length).toBeLessThan(8_000);
  });
});
