import { faultPoint, setFaultPoints } from './fault-points';

describe('fault points', () => {
  let kills: jest.SpyInstance;

  beforeEach(() => {
    kills = jest.spyOn(process, 'kill').mockReturnValue(true);
  });
  afterEach(() => {
    setFaultPoints(undefined);
    kills.mockRestore();
  });

  it('kill the process, as kill -9 would, at the planned pass and at no other', () => {
    setFaultPoints('relay.beforeCommit#3, consumer.afterHandle#1');
    pass('relay.beforeCommit', 2);
    pass('relay.afterCommit', 5);
    expect(kills).not.toHaveBeenCalled();
    pass('relay.beforeCommit', 1);
    expect(kills.mock.calls).toEqual([[process.pid, 'SIGKILL']]);
    pass('consumer.afterHandle', 1);
    expect(kills).toHaveBeenCalledTimes(2);
  });

  it.each([undefined, ''])('do nothing when the plan is %p', (plan) => {
    setFaultPoints(plan);
    pass('relay.beforeCommit', 10);
    expect(kills).not.toHaveBeenCalled();
  });

  it.each(['relay.beforeCommit', 'relay.beforeCommit#0', '#1', 'a#1,,b#1', 'a#x'])('refuse the plan %p', (plan) => {
    expect(() => setFaultPoints(plan)).toThrow('Write name#n');
  });
});

function pass(name: string, times: number): void {
  for (let n = 0; n < times; n++) {
    faultPoint(name);
  }
}
