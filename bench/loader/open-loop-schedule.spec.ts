import { OpenLoopSchedule } from './open-loop-schedule';

function takeAllDue(schedule: OpenLoopSchedule, now: number): number[] {
  const due: number[] = [];
  for (let one = schedule.takeDue(now); one !== undefined; one = schedule.takeDue(now)) {
    due.push(one);
  }
  return due;
}

describe('OpenLoopSchedule', () => {
  it('spreads the requests evenly, the first at the start', () => {
    expect(takeAllDue(new OpenLoopSchedule(4, 1), 1_000)).toEqual([0, 250, 500, 750]);
  });

  it('gives nothing before its time', () => {
    const schedule = new OpenLoopSchedule(10, 1);
    expect(takeAllDue(schedule, 99)).toEqual([0]);
    expect(schedule.nextDue).toBe(100);
    expect(takeAllDue(schedule, 100)).toEqual([100]);
  });

  it('keeps the due times of requests that could not be sent in time', () => {
    const schedule = new OpenLoopSchedule(1_000, 1);
    takeAllDue(schedule, 0);
    // A stall of 5 ms: the requests of that time are taken late, and say when they were due.
    expect(takeAllDue(schedule, 5)).toEqual([1, 2, 3, 4, 5]);
  });

  it('ends after rate × seconds requests', () => {
    const schedule = new OpenLoopSchedule(300, 0.5);
    expect(takeAllDue(schedule, 60_000)).toHaveLength(150);
    expect(schedule.isExhausted).toBe(true);
    expect(schedule.nextDue).toBe(Number.POSITIVE_INFINITY);
  });
});
