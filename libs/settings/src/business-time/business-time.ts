import type { BusinessHours } from '../domain/business-hours';
import { WorkingTime } from './working-time';
import { zoneClock } from './zone-clock';

/** When a project works: its hours by the wall clock of its zone. */
export interface BusinessCalendar {
  /** IANA name. */
  readonly timezone: string;
  /** Null: always. */
  readonly businessHours: BusinessHours | null;
}

/** Calendars that are kept laid out; beyond it the one that was asked for longest ago goes. */
const MAX_CALENDARS = 100;

/** Laid out calendars, by what is in them. All that they hold follows from their key, so nobody can tell whether one was kept. */
const laidOut = new Map<string, WorkingTime>();

/** The same by the object that was asked with last, whose text is long. */
const laidOutOf = new WeakMap<BusinessHours, { readonly timezone: string; readonly time: WorkingTime }>();

/**
 * The first instant at which `seconds` of business time have passed since `start`: with working hours until 18:00 and one hour to
 * go, 18:00 and not the next morning. Null when that is more than a hundred years away, or never: a calendar may be empty.
 *
 * A window opens at the first moment at which the zone's clock shows its start or later and closes at the first one at which it
 * shows its end or later. So a start that the clock skips in spring is the moment of the skip; of a time that it shows twice in
 * autumn the first is meant; and a window that is open over the change lasts as long as it really does. An exception replaces the
 * windows that begin on its date, not the end of one that began the evening before.
 * @throws {RangeError} for a zone that the runtime does not know.
 */
export function addBusinessTime(
  start: Date,
  seconds: number,
  { timezone, businessHours }: BusinessCalendar,
): Date | null {
  const from = start.getTime();
  const work = Math.round(seconds * 1000);
  if (businessHours === null || work <= 0) {
    return new Date(from + Math.max(work, 0));
  }
  const instant = workingTime(timezone, businessHours).after(from, work);
  return instant === null ? null : new Date(instant);
}

/**
 * Seconds of business time between two instants, with thousandths; 0 when the second one is not after the first.
 * @throws {RangeError} for a zone that the runtime does not know.
 */
export function businessSecondsBetween(from: Date, to: Date, { timezone, businessHours }: BusinessCalendar): number {
  const [begin, end] = [from.getTime(), to.getTime()];
  if (end <= begin) {
    return 0;
  }
  const work = businessHours === null ? end - begin : workingTime(timezone, businessHours).between(begin, end);
  return work / 1000;
}

function workingTime(timezone: string, businessHours: BusinessHours): WorkingTime {
  const known = laidOutOf.get(businessHours);
  if (known?.timezone === timezone) {
    return known.time;
  }
  const time = findOrLayOut(timezone, businessHours);
  laidOutOf.set(businessHours, { timezone, time });
  return time;
}

function findOrLayOut(timezone: string, businessHours: BusinessHours): WorkingTime {
  const key = `${timezone} ${JSON.stringify(businessHours)}`;
  const time = laidOut.get(key) ?? new WorkingTime(businessHours, zoneClock(timezone));
  laidOut.delete(key);
  laidOut.set(key, time);
  if (laidOut.size > MAX_CALENDARS) {
    laidOut.delete(laidOut.keys().next().value as string);
  }
  return time;
}
