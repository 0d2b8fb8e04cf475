import type { MigrationInterface, QueryRunner } from 'typeorm';

const SETTINGS = `
ALTER TABLE helpdesk_settings
  ADD COLUMN helpdesk_welcome_message jsonb,
  ADD COLUMN helpdesk_close_message jsonb,
  ADD COLUMN sla_first_reply_hours integer,
  ADD COLUMN sla_resolve_hours integer,
  ADD COLUMN helpdesk_ticket_types_enabled boolean NOT NULL DEFAULT true,
  ADD COLUMN helpdesk_allow_create boolean NOT NULL DEFAULT true,
  ADD COLUMN helpdesk_allow_view boolean NOT NULL DEFAULT true,
  ADD COLUMN csat_enabled boolean NOT NULL DEFAULT false,
  ADD COLUMN csat_message_template text,
  ADD COLUMN csat_expire_days integer NOT NULL DEFAULT 7,
  ADD COLUMN helpdesk_unanswered_hours integer,
  ADD COLUMN timezone text NOT NULL DEFAULT 'UTC',
  ADD COLUMN business_hours jsonb,
  ADD COLUMN sla_changed_at timestamptz,
  ADD CONSTRAINT ck_helpdesk_settings_welcome CHECK (helpdesk_welcome_message - ARRAY['ru', 'en'] = '{}'),
  ADD CONSTRAINT ck_helpdesk_settings_close CHECK (helpdesk_close_message - ARRAY['ru', 'en'] = '{}'),
  ADD CONSTRAINT ck_helpdesk_settings_first_reply CHECK (sla_first_reply_hours BETWEEN 1 AND 8760),
  ADD CONSTRAINT ck_helpdesk_settings_resolve CHECK (sla_resolve_hours BETWEEN 1 AND 8760),
  ADD CONSTRAINT ck_helpdesk_settings_csat_text CHECK (char_length(csat_message_template) BETWEEN 1 AND 1024),
  ADD CONSTRAINT ck_helpdesk_settings_csat_days CHECK (csat_expire_days BETWEEN 1 AND 30),
  ADD CONSTRAINT ck_helpdesk_settings_unanswered CHECK (helpdesk_unanswered_hours IN (12, 24, 48)),
  ADD CONSTRAINT ck_helpdesk_settings_business_hours CHECK (jsonb_typeof(business_hours) = 'object');
`;

const OWN_PROJECT = "project_id = NULLIF(current_setting('app.live_project_id', true), '')::uuid";

const HISTORY = `
CREATE TABLE config_history (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  object_type text NOT NULL,
  object_id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_type text NOT NULL,
  actor_id text,
  actor_name text,
  action text NOT NULL,
  field text,
  "from" jsonb,
  "to" jsonb,
  request_id text,
  CONSTRAINT pk_config_history PRIMARY KEY (project_id, id),
  CONSTRAINT fk_config_history_project FOREIGN KEY (project_id) REFERENCES project (id)
);
CREATE INDEX ix_config_history_seq ON config_history (project_id, seq);
CREATE INDEX ix_config_history_object ON config_history (project_id, object_type, object_id, seq);

ALTER TABLE config_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE config_history FORCE ROW LEVEL SECURITY;
CREATE POLICY own_project ON config_history TO helpdesk_app USING (${OWN_PROJECT}) WITH CHECK (${OWN_PROJECT});
GRANT SELECT, INSERT ON config_history TO helpdesk_app;
`;

/** All settings of a helpdesk, and the history of the configuration, which the application can only add to. */
export class Configuration1763961000000 implements MigrationInterface {
  name = 'Configuration1763961000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SETTINGS);
    await runner.query(HISTORY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE config_history');
    await runner.query(`ALTER TABLE helpdesk_settings
      DROP COLUMN helpdesk_welcome_message, DROP COLUMN helpdesk_close_message, DROP COLUMN sla_first_reply_hours,
      DROP COLUMN sla_resolve_hours, DROP COLUMN helpdesk_ticket_types_enabled, DROP COLUMN helpdesk_allow_create,
      DROP COLUMN helpdesk_allow_view, DROP COLUMN csat_enabled, DROP COLUMN csat_message_template,
      DROP COLUMN csat_expire_days, DROP COLUMN helpdesk_unanswered_hours, DROP COLUMN timezone,
      DROP COLUMN business_hours, DROP COLUMN sla_changed_at`);
  }
}
