import { Injectable } from '@nestjs/common';

/**
 * The one source of time for everything that depends on it. A project's test side may have moved its clock ahead, so business
 * time is always asked for a project.
 */
@Injectable()
export class Clock {
  /** Now, on the project's clock; without a project, in reality. Whole milliseconds. */
  now(project?: { readonly clockOffsetMs: number }): Date {
    return new Date(Date.now() + (project?.clockOffsetMs ?? 0));
  }
}
