import { TransactionTemplate } from './transaction-template';
import type { ReplayInputs } from './transaction-template';

const PROJECT = '0198aaaa-0000-7000-8000-000000000001';
const OTHER_PROJECT = '0198aaaa-0000-7000-8000-000000000002';
const MADE = '0198bbbb-0000-7000-8000-000000000001';
const ALSO_MADE = '0198bbbb-0000-7000-8000-000000000002';

function replay(values: readonly unknown[], recorded: object = {}, inputs: Partial<ReplayInputs> = {}): unknown[] {
  const recording = { connectionOptions: '', roundTrips: [[{ name: 'one', text: 'SELECT 1', values }]] };
  const template = new TransactionTemplate(recording, { projectId: PROJECT, ...recorded });
  const begun = { ...template.begin({ projectId: OTHER_PROJECT, ...inputs }), ticketNumber: 77 };
  return template.roundTrips[0]?.[0]?.values?.(begun) ?? [];
}

describe('TransactionTemplate', () => {
  it('speaks for the project of the replay, in values and in plain SQL', () => {
    expect(replay([PROJECT, [`{"p":"${PROJECT}"}`]])).toEqual([OTHER_PROJECT, [`{"p":"${OTHER_PROJECT}"}`]]);
    const text = `SET LOCAL app.project_id = '${PROJECT}'`;
    const template = new TransactionTemplate(
      { connectionOptions: '', roundTrips: [[{ text }]] },
      { projectId: PROJECT },
    );
    expect(template.roundTrips[0]?.[0]?.text(template.begin({ projectId: OTHER_PROJECT }))).toContain(OTHER_PROJECT);
  });

  it('makes ids anew, the same one wherever the recording has the same', () => {
    const [first, again, other] = replay([MADE, MADE, ALSO_MADE]);
    expect(first).not.toBe(MADE);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(replay([MADE])[0]).not.toBe(first);
  });

  it('writes its own text and number', () => {
    const json = '{"text":"Hello?","ticket_number":12,"other_number":12}';
    const [written] = replay(
      [json, json.replace('12,', '123,')],
      { text: 'Hello?', ticketNumber: 12 },
      { text: 'Привет' },
    );
    expect(written).toBe('{"text":"Привет","ticket_number":77,"other_number":12}');
  });

  it('happens now', () => {
    const before = new Date();
    const [text, date] = replay(['{"at":"2026-01-02T03:04:05.678Z"}', new Date(0)]);
    const { at } = JSON.parse(text as string) as { at: string };
    expect(new Date(at).getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect((date as Date).toISOString()).toBe(at);
  });

  it('leaves everything else alone', () => {
    const values = [null, 5, true, 'plain', ['a', null], undefined];
    expect(replay(values)).toEqual(values);
  });
});
