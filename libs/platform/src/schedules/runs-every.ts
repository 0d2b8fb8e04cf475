import type { Environment } from '../config/environment';

/** Work that is done again and again while the process runs; several processes may do it at the same time. */
export interface ScheduledWork {
  /** Does what is due, until nothing is left or `stopping`. What it throws is logged, and it is run again at its next turn. */
  run(stopping: AbortSignal): Promise<void>;
}

/** What {@link RunsEvery} says about a class. */
export interface ScheduleOptions {
  /** `<app>.<verb-noun>`, for the log. */
  readonly name: string;
  readonly seconds: (environment: Environment) => number;
}

const METADATA = Symbol('runs-every');

/** Declares a provider as scheduled: run at the start, at intervals, and whenever scans are woken. */
export function RunsEvery(
  options: ScheduleOptions,
): (target: abstract new (...dependencies: never[]) => ScheduledWork) => void {
  return (target) => {
    Reflect.defineMetadata(METADATA, options, target);
  };
}

/** What {@link RunsEvery} said about this very class; undefined for any other. */
export function scheduleOptions(target: object): ScheduleOptions | undefined {
  return Reflect.getOwnMetadata(METADATA, target) as ScheduleOptions | undefined;
}
