import { API } from '../../support/answers';
import type { ErrorBody } from '../../support/answers';
import type { Answer } from '../../support/send-request';
import type { TestProject } from '../../support/test-project';
import { startTestService } from '../../support/test-service';
import type { TestService } from '../../support/test-service';

type Settings = Readonly<Record<string, unknown>>;

const AS_MADE: Settings = {
  helpdesk_enabled: true,
  helpdesk_welcome_message: null,
  helpdesk_close_message: null,
  sla_first_reply_hours: null,
  sla_resolve_hours: null,
  helpdesk_ticket_types_enabled: true,
  helpdesk_allow_create: true,
  helpdesk_allow_view: true,
  csat_enabled: false,
  csat_message_template: null,
  csat_expire_days: 7,
  helpdesk_unanswered_hours: null,
  reopen_policy: 'same_within_hours',
  reopen_within_hours: 72,
  timezone: 'UTC',
  business_hours: null,
};

const HOURS = {
  weekly: { mon: [['09:00', '13:00'], ['14:00', '18:00']], tue: [], wed: [], thu: [], fri: [['22:00', '02:00']], sat: [], sun: [] }, // prettier-ignore
  exceptions: [
    { date: '2026-12-31', windows: [['09:00', '12:00']] },
    { date: '2027-01-01', windows: [] },
  ],
};

const OTHER_THAN_MADE: Settings = {
  helpdesk_enabled: false,
  helpdesk_welcome_message: { ru: 'Здравствуйте!\nЧем помочь? 👋', en: 'Hello!' },
  helpdesk_close_message: { en: 'Closed.' },
  sla_first_reply_hours: 1,
  sla_resolve_hours: 8760,
  helpdesk_ticket_types_enabled: false,
  helpdesk_allow_create: false,
  helpdesk_allow_view: false,
  csat_enabled: true,
  csat_message_template: 'x'.repeat(1024),
  csat_expire_days: 30,
  helpdesk_unanswered_hours: 48,
  reopen_policy: 'new',
  reopen_within_hours: 720,
  timezone: 'Europe/Moscow',
  business_hours: HOURS,
};

const CAN_BE_CLEARED = [
  'helpdesk_welcome_message',
  'helpdesk_close_message',
  'sla_first_reply_hours',
  'sla_resolve_hours',
  'csat_message_template',
  'helpdesk_unanswered_hours',
  'business_hours',
];

describe('the settings', () => {
  let service: TestService;
  let project: TestProject;

  beforeAll(async () => {
    service = await startTestService();
  });
  beforeEach(async () => {
    project = await service.createProject();
  });
  afterAll(() => service.close());

  const put = (body: Settings, key = project.liveKey): Promise<Answer<Settings>> =>
    project.request<Settings>('PUT', `${API}/settings`, { body, key });
  const get = async (key = project.liveKey): Promise<Settings> =>
    (await project.request<Settings>('GET', `${API}/settings`, { key })).body;
  const refusalOf = async (body: Settings): Promise<ErrorBody> => {
    const answer = (await put(body)) as Answer<unknown> as Answer<ErrorBody>;
    expect(answer.status).toBe(400);
    return answer.body;
  };
  const slaChangedAt = async (): Promise<Date | null> => {
    const [row] = await service.db.sql<{ at: Date | null }>(
      'SELECT sla_changed_at AS at FROM helpdesk_settings WHERE project_id = $1',
      [project.projectId],
    );
    return row?.at ?? null;
  };

  it('of a new project are on, without thresholds and hours', async () => {
    expect(await get()).toEqual(AS_MADE);
  });

  it('can be set all at once, and are answered as they were given', async () => {
    const answer = await put(OTHER_THAN_MADE);
    expect([answer.status, answer.body]).toEqual([200, OTHER_THAN_MADE]);
    expect(await get()).toEqual(OTHER_THAN_MADE);
    // What is read can be written back.
    expect((await put(await get())).body).toEqual(OTHER_THAN_MADE);
  });

  it.each(Object.keys(AS_MADE))('%s can be set alone, and leaves the others as they are', async (name) => {
    const expected = { ...AS_MADE, [name]: OTHER_THAN_MADE[name] };
    expect((await put({ [name]: OTHER_THAN_MADE[name] })).body).toEqual(expected);
    expect(await get()).toEqual(expected);
  });

  it.each(CAN_BE_CLEARED)('%s is cleared by null', async (name) => {
    await put(OTHER_THAN_MADE);
    expect((await put({ [name]: null })).body).toEqual({ ...OTHER_THAN_MADE, [name]: null });
  });

  it.each(Object.keys(AS_MADE).filter((name) => !CAN_BE_CLEARED.includes(name)))('%s refuses null', async (name) => {
    expect((await refusalOf({ [name]: null })).details).toEqual([
      { field: name, code: 'type', message: expect.stringContaining('must not be null') },
    ]);
    expect(await get()).toEqual(AS_MADE);
  });

  it('take no change at all for what it is', async () => {
    expect((await put({})).body).toEqual(AS_MADE);
    expect((await put(AS_MADE)).body).toEqual(AS_MADE);
  });

  it('replace a multilingual text as a whole', async () => {
    await put({ helpdesk_welcome_message: { ru: 'Привет', en: 'Hello' } });
    expect((await put({ helpdesk_welcome_message: { en: 'Hi' } })).body).toMatchObject({
      helpdesk_welcome_message: { en: 'Hi' },
    });
    expect((await get())['helpdesk_welcome_message']).toEqual({ en: 'Hi' });
    expect((await put({ helpdesk_welcome_message: { ru: '  ' } })).body['helpdesk_welcome_message']).toBeNull();
  });

  it('have every weekday, of which those that are left out are closed', async () => {
    const { body } = await put({ business_hours: { weekly: { sat: [['10:00', '12:00']] } } });
    expect(body['business_hours']).toEqual({
      weekly: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [['10:00', '12:00']], sun: [] },
      exceptions: [],
    });
  });

  it.each<[string, Settings, string, string]>([
    ['a threshold that nobody offers', { helpdesk_unanswered_hours: 13 }, 'helpdesk_unanswered_hours', '12, 24, 48'],
    ['a text for every language', { helpdesk_welcome_message: 'Hello' }, 'helpdesk_welcome_message', '{"ru":'],
    ['a third language', { helpdesk_close_message: { de: 'Hallo' } }, 'helpdesk_close_message.de', 'ru, en'],
    ['a text that is too long', { helpdesk_close_message: { en: 'x'.repeat(1001) } }, 'helpdesk_close_message.en', '1000'], // prettier-ignore
    ['an SLA of no time', { sla_first_reply_hours: 0 }, 'sla_first_reply_hours', 'at least 1'],
    ['an SLA of more than a year', { sla_resolve_hours: 8761 }, 'sla_resolve_hours', 'at most 8760'],
    ['a policy that is none', { reopen_policy: 'never' }, 'reopen_policy', 'same, new, same_within_hours'],
    ['an offset for a timezone', { timezone: '+03:00' }, 'timezone', 'Europe/Moscow'],
    ['a CSAT text that is too long', { csat_message_template: 'x'.repeat(1025) }, 'csat_message_template', '1024'],
    ['a mistyped name', { helpdesk_enable: true }, 'helpdesk_enable', 'Did you mean helpdesk_enabled?'],
    ['windows that overlap', { business_hours: { weekly: { mon: [['09:00', '13:00'], ['12:00', '18:00']] } } }, 'business_hours.weekly.mon[1]', '09:00 to 13:00 of mon'], // prettier-ignore
    ['a time that is none', { business_hours: { weekly: { mon: [['9:00', '18:00']] } } }, 'business_hours.weekly.mon[0][0]', '09:30'], // prettier-ignore
  ])('refuse %s, and say what is allowed', async (_name, body, field, hint) => {
    const { code, details } = await refusalOf(body);
    expect([code, details]).toEqual([
      'validation_failed',
      [{ field, code: expect.any(String), message: expect.stringContaining(hint) }],
    ]);
    expect(await get()).toEqual(AS_MADE);
  });

  it('count for the test side, which reads them and may not change them', async () => {
    await put({ helpdesk_enabled: false });
    expect(await get(project.testKey)).toMatchObject({ helpdesk_enabled: false });
    const refused = await put({ helpdesk_enabled: true }, project.testKey);
    expect([refused.status, refused.body]).toEqual([403, expect.objectContaining({ code: 'test_key_forbidden' })]);
    const ticket = await project.request('POST', `${API}/tickets`, { key: project.testKey, body: { text: 'Help' } });
    expect(ticket.body).toMatchObject({ code: 'helpdesk_disabled' });
    await put({ helpdesk_enabled: true });
    await project.createTicket({}, project.testKey);
  });

  it('keep both of two changes that come at once, with a line of history each', async () => {
    const changes = Object.entries(OTHER_THAN_MADE).map(([name, value]) => ({ [name]: value }));
    const answers = await Promise.all(changes.map((change) => put(change)));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    expect(await get()).toEqual(OTHER_THAN_MADE);
    const { body } = await project.request<{ history: { field: string; from: unknown; to: unknown }[] }>(
      'GET',
      `${API}/config-history?limit=100`,
    );
    const kept = Object.fromEntries(body.history.map(({ field, from, to }) => [field, [from, to]]));
    expect(body.history).toHaveLength(changes.length);
    expect(kept).toEqual(
      Object.fromEntries(Object.keys(AS_MADE).map((name) => [name, [AS_MADE[name], OTHER_THAN_MADE[name]]])),
    );
  });

  it('note when what SLA clocks depend on has changed, each time anew, and nothing else', async () => {
    await put({ csat_expire_days: 3, helpdesk_unanswered_hours: 12, reopen_within_hours: 1 });
    expect(await slaChangedAt()).toBeNull();
    const times: number[] = [];
    for (const change of [
      { sla_first_reply_hours: 4 },
      { sla_resolve_hours: 8 },
      { timezone: 'Europe/Moscow' },
      { business_hours: HOURS },
      { business_hours: null },
    ]) {
      await put(change);
      times.push((await slaChangedAt())?.getTime() ?? 0);
    }
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    await put({ sla_first_reply_hours: 4, timezone: 'Europe/Moscow', business_hours: null });
    expect((await slaChangedAt())?.getTime()).toBe(times.at(-1));
  });

  it('take an offered client’s change', async () => {
    const { data } = await project.client().PUT('/v1/helpdesk/settings', { body: { csat_expire_days: 5 } });
    expect(data?.csat_expire_days).toBe(5);
  });
});
