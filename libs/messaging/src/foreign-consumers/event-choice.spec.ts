import { bindingKeys, bindingRight, readBindingRight } from './event-choice';

const OWN = '019ab6b0-0a11-7c2d-8e3f-405162738495';
const OTHER = '019ab6b0-0a11-7c2d-8e3f-000000000000';

const allows = (right: string, key: string) => new RegExp(right).test(key);

describe('what a foreign consumer may bind', () => {
  it.each([
    [['ticket.created'], `ticket.created.${OWN}`],
    [['ticket.created', 'ticket.note_added'], `ticket.note_added.${OWN}`],
    ['all', `#.${OWN}`],
    ['all', `ticket.*.${OWN}`],
    ['all', `*.*.${OWN}`],
    ['all', `ticket.note_added.${OWN}`],
  ] as const)('of %j includes %s', (events, key) => {
    expect(allows(bindingRight(events, OWN), key)).toBe(true);
  });

  it.each([
    [['ticket.created'], `ticket.closed.${OWN}`],
    [['ticket.created'], `ticket.*.${OWN}`],
    [['ticket.created'], `#.${OWN}`],
    [['ticket.created'], `ticketxcreated.${OWN}`],
    [['ticket.created', 'ticket.closed'], `ticket.created`],
    [['ticket.created'], `ticket.created.${OTHER}`],
    ['all', '#'],
    ['all', '*.*.*'],
    ['all', 'ticket.#'],
    ['all', OWN],
    ['all', `ticket.created.${OTHER}`],
    ['all', `#.${OTHER}`],
    ['all', `#.${OWN}.#`],
    ['all', `ticket.${OWN}.${OTHER}`],
    ['all', `#${OWN}`],
  ] as const)('of %j leaves out %s', (events, key) => {
    expect(allows(bindingRight(events, OWN), key)).toBe(false);
  });

  it('covers what its queue is bound to', () => {
    for (const events of [['ticket.created', 'subscription.created'], 'all'] as const) {
      const keys = bindingKeys(events, OWN);
      expect(keys.filter((key) => !allows(bindingRight(events, OWN), key))).toEqual([]);
    }
  });

  it('is read back as it was chosen, whatever the order', () => {
    const right = bindingRight(['ticket.note_added', 'ticket.closed', 'ticket.closed'], OWN);
    expect(readBindingRight(right)).toEqual({ events: ['ticket.closed', 'ticket.note_added'], projectId: OWN });
    expect(right).toBe(bindingRight(['ticket.closed', 'ticket.note_added'], OWN));
    expect(readBindingRight(bindingRight('all', OWN))).toEqual({ events: 'all', projectId: OWN });
  });

  it.each(['.*', '', `^.*\\.${OWN}$`])('is not read from %j, which somebody else has written', (right) => {
    expect(readBindingRight(right)).toBeUndefined();
  });
});
