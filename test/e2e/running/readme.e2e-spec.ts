import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCheckout } from './checkout';
import type { Checkout } from './checkout';
import { freePort } from '../../support/free-port';
import { Program, runToEnd } from './program';

// Each start is a program that loads, and the machine may be busy.
jest.setTimeout(240_000);

const ROOT = join(__dirname, '..', '..', '..');

/** The shell blocks below a heading of the README. */
function blocksBelow(readme: string, heading: string): string[] {
  const [, section] = readme.split(`\n## ${heading}\n`);
  const [text] = (section ?? '').split('\n## ');
  return [...(text ?? '').matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block as string);
}

describe('README.md', () => {
  let readme: string;
  let checkout: Checkout;
  let server: Program;
  let port: number;

  beforeAll(async () => {
    readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    checkout = await makeCheckout({ built: true });
    port = await freePort();
    const [start] = blocksBelow(readme, 'Run it');
    server = Program.run('sh', ['-c', `exec ${start ?? ''}`], { cwd: checkout.path, env: environment() });
    await server.says('"event":"service.ready"');
  });

  afterAll(async () => {
    server.signal('SIGTERM');
    await server.ended;
    await checkout.remove();
  });

  const environment = (): Record<string, string> => ({ PORT: String(port), OPS_PORT: '0', DRAIN_SECONDS: '0' });

  /** Pastes the blocks of a section one after the other into one shell, which stops at the first that fails. */
  async function paste(heading: string): Promise<{ blocks: string[]; said: string[] }> {
    const blocks = blocksBelow(readme, heading);
    const script = blocks.map((block) => block.replaceAll('localhost:3000', `localhost:${port}`));
    const { exit, stdout, stderr } = await runToEnd('sh', ['-euc', script.join('\nprintf "\\n=====\\n"\n')], {
      cwd: checkout.path,
      env: environment(),
    });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    return { blocks, said: stdout.split('\n=====\n') };
  }

  it('begins with the two commands', () => {
    expect(blocksBelow(readme, 'Run it')).toEqual(['npm start\n', 'npm test\n']);
  });

  it('takes a ticket through its life, in a shell, line by line', async () => {
    const { said } = await paste('A ticket’s life');
    const [, opened, waiting, answered, closed, found] = said;
    expect(JSON.parse(opened ?? '')).toMatchObject({ ticket_number: 1, status: 'new', first_name: 'Ann' });
    expect(JSON.parse(waiting ?? '')).toMatchObject({ total: 1 });
    const [note, answer] = (answered ?? '').split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as object);
    expect(note).toMatchObject({ internal: true, ticket: { status: 'new' } });
    expect(answer).toMatchObject({ internal: false, ticket: { status: 'waiting' } });
    const [content, end] = (closed ?? '').split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as object);
    expect(content).toMatchObject({ author_type: 'customer', ticket: { status: 'in_progress' } });
    expect(end).toMatchObject({ status: 'closed' });
    const [page, log] = (found ?? '').split(/(?<=\})(?=\{)/).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(page).toMatchObject({ total: 1 });
    expect(log?.['events']).toContainEqual(expect.objectContaining({ event: 'ticket.created' }));
  });

  it('shows a command line of which every line works', async () => {
    const { said } = await paste('Command line');
    expect(said.join('')).toMatch(/slug +acme/);
    expect(said.join('')).toMatch(/key +zn_live_/);
    expect(said.join('')).toMatch(/^ok +database/m);
  });

  it('names every variable of the environment, and none that there is not', async () => {
    const source = await readFile(join(ROOT, 'libs', 'platform', 'src', 'config', 'environment.ts'), 'utf8');
    const [, schema] = source.split('const SCHEMA = z.object({');
    const known = [...(schema?.split('\n});')[0] ?? '').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
    const described = [...readme.matchAll(/^\| `([A-Z_]+)` /gm)].map(([, name]) => name);
    // Faults are for tests alone.
    expect(described.toSorted()).toEqual(known.filter((name) => name !== 'HELPDESK_FAULT').toSorted());
  });
});
