import { nearestName } from './nearest-name';

const KNOWN = ['text', 'internal', 'status', 'agent_id', 'canned_response_id', 'if_last_message_id'];

describe('nearestName', () => {
  it.each([
    ['interal', 'internal'],
    ['internall', 'internal'],
    ['intenral', 'internal'],
    ['txet', 'text'],
    ['Text', 'text'],
    ['STATUS', 'status'],
    ['agentId', 'agent_id'],
    ['cannedResponseId', 'canned_response_id'],
    ['last_message_id', 'if_last_message_id'],
  ])('takes %s for %s', (unknown, known) => {
    expect(nearestName(unknown, KNOWN)).toBe(known);
  });

  it.each(['', 'x', 'priority', 'message', 'tags', '__proto__', 'x'.repeat(10_000)])(
    'does not guess at %j',
    (unknown) => {
      expect(nearestName(unknown, KNOWN)).toBeUndefined();
    },
  );

  it('guesses nothing where nothing is known', () => {
    expect(nearestName('text', [])).toBeUndefined();
  });
});
