import { currentRequestId } from '../request-context/request-context';
import type { ApiRequest, ApiResponseMessage } from './project-request';
import { identifyRequest, refuseKeyInQuery } from './request-id';

const KEY = 'zn_live_0000000000000000000000000000003VUwsN';

/** What a request with this header gets: its id in the answer, and within its work. */
function identified(offered: string | string[] | undefined): { answered: unknown; within: unknown } {
  let answered: unknown;
  let within: unknown;
  const request = { headers: { 'x-request-id': offered } } as unknown as ApiRequest;
  const response = {
    setHeader: (name: string, value: string) => {
      answered = name === 'X-Request-Id' ? value : answered;
    },
  } as unknown as ApiResponseMessage;
  identifyRequest(request, response, () => {
    within = currentRequestId();
  });
  expect(request.requestId).toBe(answered);
  return { answered, within };
}

describe('identifyRequest', () => {
  it.each(['abcdefgh', 'A-1_b.2C', 'x'.repeat(64), '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69'])('takes over %j', (id) => {
    expect(identified(id)).toEqual({ answered: id, within: id });
  });

  it.each([
    undefined,
    '',
    'short',
    'x'.repeat(65),
    'with space',
    'line\nbreak',
    'ключ-запроса',
    ['abcdefgh', 'abcdefgi'],
  ])('makes an id of its own instead of %j', (offered) => {
    const { answered, within } = identified(offered);
    expect(answered).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(within).toBe(answered);
  });

  it('gives each request another one', () => {
    expect(identified(undefined).answered).not.toBe(identified(undefined).answered);
  });
});

const outcome = (url: string): unknown => {
  let passed: unknown;
  refuseKeyInQuery({ url } as ApiRequest, {} as ApiResponseMessage, (error) => {
    passed = error ?? 'goes on';
  });
  return passed;
};

describe('refuseKeyInQuery', () => {
  it.each([
    `/v1?key=${KEY}`,
    `/v1?a=1&api_key=${KEY}`,
    `/v1?${KEY}`,
    `/v1?${KEY}=1`,
    '/v1?key=zn_test_',
    '/v1?key=ZN_live_x',
    '/v1?key=%7a%6e%5flive_x',
    '/v1?key=z%6E_live_x',
    '/v1?key=%20zn_live_x',
    '/v1?key=+zn_live_x',
    `/v1?a?b&key=${KEY}`,
    `/v1?a=1?key=2&x=${KEY}`,
  ])('refuses %s', (url) => {
    expect(outcome(url)).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('Authorization: Bearer <key>'),
    });
  });

  it.each([
    '/v1',
    '/v1?',
    '/v1?q=login',
    '/v1?q=about+zn_live_keys',
    '/v1?q=%',
    '/v1?q=%ff%zz',
    '/v1/zn_live_x',
    '/v1?q=zn',
  ])('lets %s go on', (url) => {
    expect(outcome(url)).toBe('goes on');
  });
});
