import { parseLogHint } from './log-hint';

const PROJECT = '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69';

describe('a hint of a grown log', () => {
  it('names the project and its last position', () => {
    expect(parseLogHint(`${PROJECT} 42`)).toEqual({ projectId: PROJECT, lastPosition: 42 });
  });

  it.each(['', ' ', PROJECT, `${PROJECT} `, `${PROJECT} many`, `${PROJECT} 1e999`, ' 42'])('is not %j', (payload) => {
    expect(parseLogHint(payload)).toBeUndefined();
  });
});
