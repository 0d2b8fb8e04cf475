import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { Multilingual } from '#contracts';
import { DescribeSchema, multilingualSchema } from '#platform';
import { REOPEN_POLICIES, UNANSWERED_HOURS } from '#settings';
import type { BusinessHours, ReopenPolicy, UnansweredHours } from '#settings';
import { businessHoursSchema } from './business-hours.schema';
import { CSAT_DAYS, MAX_CSAT_TEXT, MAX_MESSAGE, REOPEN_HOURS, SETTINGS, SLA_HOURS } from './settings.fields';
import type { SettingsPayload } from './settings.presenter';

const flag = { type: Boolean };
const message = multilingualSchema({ max: MAX_MESSAGE });
const number = ({ min, max }: { readonly min: number; readonly max: number }) =>
  ({ type: 'integer', minimum: min, maximum: max }) as const;

/** A setting as it is answered: always there. */
function Setting(name: keyof SettingsPayload, schema: object): PropertyDecorator {
  return ApiProperty({ ...schema, ...SETTINGS[name], selfRequired: true } as ApiPropertyOptions);
}

@DescribeSchema({ description: 'All settings of a project’s helpdesk. They count for its live and its test side.' })
export class SettingsDto implements SettingsPayload {
  @Setting('helpdesk_enabled', flag)
  readonly helpdesk_enabled!: boolean;

  @Setting('helpdesk_welcome_message', message)
  readonly helpdesk_welcome_message!: Multilingual | null;

  @Setting('helpdesk_close_message', message)
  readonly helpdesk_close_message!: Multilingual | null;

  @Setting('sla_first_reply_hours', number(SLA_HOURS))
  readonly sla_first_reply_hours!: number | null;

  @Setting('sla_resolve_hours', number(SLA_HOURS))
  readonly sla_resolve_hours!: number | null;

  @Setting('helpdesk_ticket_types_enabled', flag)
  readonly helpdesk_ticket_types_enabled!: boolean;

  @Setting('helpdesk_allow_create', flag)
  readonly helpdesk_allow_create!: boolean;

  @Setting('helpdesk_allow_view', flag)
  readonly helpdesk_allow_view!: boolean;

  @Setting('csat_enabled', flag)
  readonly csat_enabled!: boolean;

  @Setting('csat_message_template', { type: String, maxLength: MAX_CSAT_TEXT })
  readonly csat_message_template!: string | null;

  @Setting('csat_expire_days', number(CSAT_DAYS))
  readonly csat_expire_days!: number;

  @Setting('helpdesk_unanswered_hours', { type: 'integer', enum: [...UNANSWERED_HOURS] })
  readonly helpdesk_unanswered_hours!: UnansweredHours | null;

  @Setting('reopen_policy', { type: String, enum: [...REOPEN_POLICIES] })
  readonly reopen_policy!: ReopenPolicy;

  @Setting('reopen_within_hours', number(REOPEN_HOURS))
  readonly reopen_within_hours!: number;

  @Setting('timezone', { type: String })
  readonly timezone!: string;

  @Setting('business_hours', businessHoursSchema(['weekly', 'exceptions']))
  readonly business_hours!: BusinessHours | null;
}
