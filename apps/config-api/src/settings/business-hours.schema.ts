import type { ApiPropertyOptions } from '@nestjs/swagger';
import { MAX_EXCEPTIONS, MAX_WINDOWS_A_DAY, WEEKDAYS } from '#settings';
import type { BusinessHours, Weekday } from '#settings';

/** What the type of a property's options makes of nested schemas. */
type ObjectSchema = { readonly type: 'object'; readonly properties: Record<string, never> };

const DAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};

const TIME = {
  type: 'string',
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'A time of day.',
  example: '09:00',
};

const WINDOWS = {
  type: 'array',
  maxItems: MAX_WINDOWS_A_DAY,
  items: {
    type: 'array',
    minItems: 2,
    maxItems: 2,
    items: TIME,
    description: 'Start and end. An end that is not after the start lies on the next day.',
  },
};

const OF_WEEK = [
  ['09:00', '13:00'],
  ['14:00', '18:00'],
] as const;

/** Business hours as the documents show them. */
export const BUSINESS_HOURS_EXAMPLE: BusinessHours = {
  weekly: { mon: OF_WEEK, tue: OF_WEEK, wed: OF_WEEK, thu: OF_WEEK, fri: [['09:00', '15:00']], sat: [], sun: [] },
  exceptions: [
    { date: '2026-12-31', windows: [['09:00', '12:00']] },
    { date: '2027-01-01', windows: [] },
  ],
};

const WEEKLY = {
  type: 'object',
  description: 'The windows of each weekday, none where it is closed. A weekday that is left out is closed.',
  example: BUSINESS_HOURS_EXAMPLE.weekly,
  additionalProperties: false,
  properties: Object.fromEntries(
    WEEKDAYS.map((day) => [
      day,
      { ...WINDOWS, description: `The windows of ${DAYS[day]}.`, example: BUSINESS_HOURS_EXAMPLE.weekly[day] },
    ]),
  ),
};

const EXCEPTIONS = {
  type: 'array',
  maxItems: MAX_EXCEPTIONS,
  description: 'Dates whose windows replace those of their weekday.',
  example: BUSINESS_HOURS_EXAMPLE.exceptions,
  items: {
    type: 'object',
    required: ['date', 'windows'],
    additionalProperties: false,
    properties: {
      date: { type: 'string', format: 'date', description: 'The date, one exception each.', example: '2026-12-31' },
      windows: { ...WINDOWS, description: 'Its windows; none: closed.', example: [['09:00', '12:00']] },
    },
  },
};

/** The schema of business hours: of what is given, and with all members of what is answered. */
export function businessHoursSchema(required: readonly string[]): ApiPropertyOptions {
  return {
    type: 'object',
    required: [...required],
    additionalProperties: false,
    properties: { weekly: WEEKLY, exceptions: EXCEPTIONS } as object as Record<string, ObjectSchema>,
  };
}
