import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';
import { runToEnd } from '../running/program';

const ROOT = join(__dirname, '..', '..', '..');
const SCRIPT = 'node docs/examples/test-side.mjs';

/** The blocks of a kind in a document, in their order. */
const blocksOf = (document: string, kind: string): string[] =>
  [...document.matchAll(new RegExp(`\\n\`\`\`${kind}\\n([^]*?)\`\`\``, 'g'))].map(([, block]) => block as string);

const run = async (commands: string, env = {}) => runToEnd('sh', ['-euc', commands], { cwd: ROOT, env });

describe('docs/guides/testing-your-integration.md', () => {
  let guide: string;
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    guide = await readFile(join(ROOT, 'docs', 'guides', 'testing-your-integration.md'), 'utf8');
    service = await startTestService();
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const environment = () => ({ HELPDESK_URL: service.url, HELPDESK_TEST_KEY: project.testKey });

  it('says of a project without thresholds what is missing', async () => {
    const { exit, stderr } = await run(SCRIPT, environment());
    expect([exit, stderr]).toEqual([1, expect.stringContaining('Set sla_first_reply_hours')]);
  });

  it('works line by line in a shell, and its script says what it is shown to say', async () => {
    const commands = blocksOf(guide, 'sh')
      .join('echo =====\n')
      .replace('http://localhost:3000', service.url)
      .replace('zn_test_…', project.testKey)
      .replace('zn_live_…', project.liveKey);
    const { exit, stdout, stderr } = await run(commands);
    expect([exit, stderr]).toEqual([0, '']);
    const [, settings, emptied, moved, breach, alert, script] = stdout.split('=====\n');
    expect(JSON.parse(settings ?? '')).toMatchObject({ sla_first_reply_hours: 8, helpdesk_unanswered_hours: 24 });
    expect(JSON.parse(emptied ?? '')).toEqual({ reset: true });
    const [ticket, clock] = (moved ?? '').split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as object);
    expect(ticket).toMatchObject({ ticket_number: 1, is_test: true });
    expect(clock).toMatchObject({ offset_seconds: 32_400 });
    expect(JSON.parse(breach ?? '')).toMatchObject({ events: [{ event: 'ticket.sla_breached' }] });
    const [later, told] = (alert ?? '').split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as object);
    expect(later).toMatchObject({ offset_seconds: 90_000 });
    expect(told).toMatchObject({ events: [{ event: 'ticket.unanswered_24h' }] });
    expect(script).toBe(blocksOf(guide, 'json')[0]);
    expect(blocksOf(guide, 'sh').at(-1)).toBe(`${SCRIPT}\n`);
  });
});
