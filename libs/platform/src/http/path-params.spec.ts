import { NumberPathParam, UuidPathParam } from './path-params';

const ID = '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69';

/** The refusal that a made-up id of the right form gets. */
const NOT_FOUND = expect.objectContaining({
  code: 'ticket_not_found',
  message: 'There is no ticket with this id. GET /v1/helpdesk/tickets lists them.',
  details: undefined,
});

describe('an id in the address', () => {
  const pipe = UuidPathParam('ticket_not_found');

  it.each([ID, ID.toUpperCase()])('%s is read in lower case', (value) => {
    expect(pipe.transform(value, { type: 'param' })).toBe(ID);
  });

  it.each(['', 'x', '1', ID.slice(1), `${ID}0`, `${ID}\n`, "' OR 1=1", '\u0000', 'undefined'])(
    '%j is answered like an unknown one',
    (value) => {
      expect(() => pipe.transform(value, { type: 'param' })).toThrow(NOT_FOUND);
    },
  );
});

describe('a number in the address', () => {
  const pipe = NumberPathParam('ticket_not_found');

  it.each([1, 42, 2_147_483_647])('%d is read', (number) => {
    expect(pipe.transform(String(number), { type: 'param' })).toBe(number);
  });

  it.each(['0', '-1', '01', '1.0', '1e3', '0x1', ' 1', '', 'x', '2147483648', '99999999999999999999', '１'])(
    '%j is answered like an unknown one',
    (value) => {
      expect(() => pipe.transform(value, { type: 'param' })).toThrow(NOT_FOUND);
    },
  );
});
