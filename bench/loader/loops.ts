import { Latencies } from './latencies';
import type { Measurement } from './latencies';
import { OpenLoopSchedule } from './open-loop-schedule';

/** One request on one connection; false when it failed. */
export type Operation = () => Promise<boolean>;

/** Every connection sends its next request when it has the answer to the one before. */
export async function closedLoop(operations: readonly Operation[], seconds: number): Promise<Measurement> {
  const latencies = new Latencies();
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  await Promise.all(
    operations.map(async (operation) => {
      for (let sent = performance.now(); sent < end; sent = performance.now()) {
        const ok = await operation();
        latencies.add(performance.now() - sent, ok);
      }
    }),
  );
  return latencies.summarise((performance.now() - begin) / 1_000);
}

/**
 * Requests become due at a fixed rate, and wait while every connection is busy. The clock of timers ticks in milliseconds, so up
 * to one of them is the loader's own.
 */
export async function openLoop(
  operations: readonly Operation[],
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Measurement> {
  const latencies = new Latencies();
  const schedule = new OpenLoopSchedule(rate, seconds);
  const idle = [...operations];
  const begin = performance.now();
  await new Promise<void>((resolve) => {
    const send = async (operation: Operation, due: number): Promise<void> => {
      const ok = await operation();
      latencies.add(performance.now() - begin - due, ok);
      idle.push(operation);
      sendDue();
      if (schedule.isExhausted && idle.length === operations.length) {
        resolve();
      }
    };
    const sendDue = (): void => {
      for (let operation = idle.pop(); operation; operation = idle.pop()) {
        const due = schedule.takeDue(performance.now() - begin);
        if (due === undefined) {
          idle.push(operation);
          return;
        }
        void send(operation, due);
      }
    };
    const tick = (): void => {
      sendDue();
      if (!schedule.isExhausted) {
        setTimeout(tick, Math.max(0, schedule.nextDue - (performance.now() - begin)));
      }
    };
    tick();
  });
  return latencies.summarise(Math.max(seconds, (performance.now() - begin) / 1_000));
}
