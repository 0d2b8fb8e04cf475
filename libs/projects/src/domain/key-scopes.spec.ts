import { KEY_SCOPES } from '#contracts';
import { keyScopesOf } from './key-scopes';

describe('keyScopesOf', () => {
  it.each([
    [[], KEY_SCOPES],
    [['full'], KEY_SCOPES],
    [['agent'], ['tickets:read', 'tickets:write']],
    [['read-only'], ['tickets:read', 'config:read', 'webhooks:read']],
    [
      ['webhooks:read', 'tickets:read', 'webhooks:read'],
      ['tickets:read', 'webhooks:read'],
    ],
    [
      ['agent', 'config:read'],
      ['tickets:read', 'tickets:write', 'config:read'],
    ],
  ])('reads %j', (names, scopes) => {
    expect(keyScopesOf(names)).toEqual(scopes);
  });

  it.each(['tickets:delete', 'Full', '', 'constructor'])('refuses %j and names what there is', (name) => {
    expect(() => keyScopesOf([name])).toThrow(/Choose from: full, agent, read-only, tickets:read/);
  });
});
