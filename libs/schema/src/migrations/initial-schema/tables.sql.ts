/**
 * Tables, keys and indexes. `project_id` leads every key of a tenant's table, so a reference into another project cannot be
 * stored. On the test side `project_id` is the shadow project's, and `live_project_id` the one whose configuration applies.
 */
export const INITIAL_TABLES = `
CREATE TABLE project (
  id uuid NOT NULL,
  live_project_id uuid,
  slug text,
  name text NOT NULL,
  clock_offset_ms bigint NOT NULL DEFAULT 0,
  monthly_reply_quota integer,
  rate_limit_per_minute integer,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_project PRIMARY KEY (id),
  CONSTRAINT fk_project_live FOREIGN KEY (live_project_id) REFERENCES project (id),
  CONSTRAINT ck_project_side CHECK ((live_project_id IS NULL) = (slug IS NOT NULL)),
  CONSTRAINT ck_project_clock CHECK (clock_offset_ms >= 0 AND (clock_offset_ms = 0 OR live_project_id IS NOT NULL)),
  CONSTRAINT ck_project_quota CHECK (monthly_reply_quota >= 0),
  CONSTRAINT ck_project_rate CHECK (rate_limit_per_minute >= 0)
);
CREATE UNIQUE INDEX uq_project_slug ON project (slug) WHERE slug IS NOT NULL;
CREATE UNIQUE INDEX uq_project_live ON project (live_project_id) WHERE live_project_id IS NOT NULL;

CREATE TABLE api_key (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  is_test boolean NOT NULL,
  hash bytea NOT NULL,
  prefix text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT pk_api_key PRIMARY KEY (project_id, id),
  CONSTRAINT fk_api_key_project FOREIGN KEY (project_id) REFERENCES project (id)
);
CREATE UNIQUE INDEX uq_api_key_hash ON api_key (hash);

CREATE TABLE member (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  CONSTRAINT pk_member PRIMARY KEY (project_id, id),
  CONSTRAINT fk_member_project FOREIGN KEY (project_id) REFERENCES project (id),
  CONSTRAINT ck_member_role CHECK (role IN ('owner', 'admin', 'support', 'viewer'))
);
CREATE UNIQUE INDEX uq_member_email ON member (project_id, lower(email)) WHERE removed_at IS NULL;

CREATE TABLE helpdesk_settings (
  project_id uuid NOT NULL,
  helpdesk_enabled boolean NOT NULL DEFAULT true,
  reopen_policy text NOT NULL DEFAULT 'same_within_hours',
  reopen_within_hours integer NOT NULL DEFAULT 72,
  updated_at timestamptz NOT NULL,
  CONSTRAINT pk_helpdesk_settings PRIMARY KEY (project_id),
  CONSTRAINT fk_helpdesk_settings_project FOREIGN KEY (project_id) REFERENCES project (id),
  CONSTRAINT ck_helpdesk_settings_reopen CHECK (reopen_policy IN ('same', 'new', 'same_within_hours')),
  CONSTRAINT ck_helpdesk_settings_hours CHECK (reopen_within_hours BETWEEN 1 AND 720)
);

CREATE TABLE ticket_type (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  description text,
  sort_order integer NOT NULL DEFAULT 0,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT pk_ticket_type PRIMARY KEY (project_id, id),
  CONSTRAINT fk_ticket_type_project FOREIGN KEY (project_id) REFERENCES project (id)
);

CREATE TABLE canned_response (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  shortcut text,
  used_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT pk_canned_response PRIMARY KEY (project_id, id),
  CONSTRAINT fk_canned_response_project FOREIGN KEY (project_id) REFERENCES project (id)
);
CREATE UNIQUE INDEX uq_canned_response_shortcut ON canned_response (project_id, shortcut) WHERE deleted_at IS NULL;

CREATE TABLE subscriber (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  channel text NOT NULL,
  chat_id bigint,
  external_id text,
  first_name text,
  username text,
  lang text,
  reachable boolean NOT NULL DEFAULT true,
  tags text[] NOT NULL DEFAULT '{}',
  event_seq integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  subscribed_at timestamptz,
  CONSTRAINT pk_subscriber PRIMARY KEY (project_id, id),
  CONSTRAINT ck_subscriber_channel CHECK (channel IN ('telegram', 'max', 'virtual')),
  CONSTRAINT ck_subscriber_address CHECK ((channel = 'virtual') = (external_id IS NOT NULL) AND (channel <> 'virtual') = (chat_id IS NOT NULL))
);
CREATE UNIQUE INDEX uq_subscriber_chat ON subscriber (project_id, channel, chat_id) WHERE chat_id IS NOT NULL;
CREATE UNIQUE INDEX uq_subscriber_external ON subscriber (project_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ix_subscriber_created ON subscriber (project_id, created_at DESC, id DESC);

CREATE TABLE ticket_counter (
  project_id uuid NOT NULL,
  last_number integer NOT NULL DEFAULT 0,
  CONSTRAINT pk_ticket_counter PRIMARY KEY (project_id),
  CONSTRAINT fk_ticket_counter_project FOREIGN KEY (project_id) REFERENCES project (id)
) WITH (fillfactor = 10);

CREATE TABLE ticket (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  live_project_id uuid NOT NULL,
  ticket_number integer NOT NULL,
  subject text,
  status text NOT NULL,
  priority text NOT NULL,
  priority_rank smallint NOT NULL GENERATED ALWAYS AS (CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END) STORED,
  channel text NOT NULL,
  source text NOT NULL,
  ticket_type_id uuid,
  ticket_type_name text,
  assigned_to uuid,
  tags text[] NOT NULL DEFAULT '{}',
  tag_keys text[] NOT NULL DEFAULT '{}',
  subscriber_id uuid,
  chat_id bigint,
  first_name text,
  username text,
  first_customer_message_at timestamptz,
  first_reply_at timestamptz,
  closed_at timestamptz,
  waiting_since timestamptz,
  last_message_at timestamptz,
  last_message_from text,
  last_public_message_id uuid,
  reopen_count integer NOT NULL DEFAULT 0,
  continued_in uuid,
  csat_rating smallint,
  csat_comment text,
  csat_status text NOT NULL DEFAULT 'none',
  sla_first_reply_due_at timestamptz,
  sla_first_reply_status text NOT NULL DEFAULT 'none',
  sla_resolve_due_at timestamptz,
  sla_resolve_status text NOT NULL DEFAULT 'none',
  sla_due_at timestamptz,
  message_count integer NOT NULL DEFAULT 0,
  note_count integer NOT NULL DEFAULT 0,
  event_seq integer NOT NULL DEFAULT 0,
  is_test boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT pk_ticket PRIMARY KEY (project_id, id),
  CONSTRAINT fk_ticket_type FOREIGN KEY (live_project_id, ticket_type_id) REFERENCES ticket_type (project_id, id),
  CONSTRAINT fk_ticket_assignee FOREIGN KEY (live_project_id, assigned_to) REFERENCES member (project_id, id),
  CONSTRAINT fk_ticket_subscriber FOREIGN KEY (project_id, subscriber_id) REFERENCES subscriber (project_id, id),
  CONSTRAINT fk_ticket_continued FOREIGN KEY (project_id, continued_in) REFERENCES ticket (project_id, id),
  CONSTRAINT ck_ticket_status CHECK (status IN ('new', 'in_progress', 'waiting', 'closed')),
  CONSTRAINT ck_ticket_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  CONSTRAINT ck_ticket_channel CHECK (channel IN ('telegram', 'max', 'virtual')),
  CONSTRAINT ck_ticket_source CHECK (source IN ('api', 'bot', 'dashboard', 'mcp')),
  CONSTRAINT ck_ticket_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT ck_ticket_csat CHECK (csat_status IN ('none', 'requested', 'rated', 'expired', 'withdrawn', 'skipped'))
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX uq_ticket_number ON ticket (project_id, ticket_number);
CREATE INDEX ix_ticket_created ON ticket (project_id, created_at DESC, id DESC);
CREATE INDEX ix_ticket_updated ON ticket (project_id, updated_at DESC, id DESC);
CREATE INDEX ix_ticket_status ON ticket (project_id, status, created_at DESC, id DESC);
CREATE INDEX ix_ticket_priority ON ticket (project_id, priority_rank DESC, created_at DESC, id DESC);
CREATE INDEX ix_ticket_assignee ON ticket (project_id, assigned_to, created_at DESC, id DESC) WHERE assigned_to IS NOT NULL;
CREATE INDEX ix_ticket_type ON ticket (project_id, ticket_type_id, created_at DESC, id DESC) WHERE ticket_type_id IS NOT NULL;
CREATE INDEX ix_ticket_subscriber ON ticket (project_id, subscriber_id, created_at DESC, id DESC) WHERE subscriber_id IS NOT NULL;
CREATE INDEX ix_ticket_waiting ON ticket (project_id, waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX ix_ticket_sla_due ON ticket (project_id, COALESCE(sla_due_at, 'infinity'::timestamptz), id);

CREATE TABLE message (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  seq integer NOT NULL,
  author_type text NOT NULL,
  author_id uuid,
  author_name text,
  text text NOT NULL,
  internal boolean NOT NULL,
  attachments jsonb NOT NULL DEFAULT '[]',
  delivery_status text NOT NULL,
  delivery_error text,
  delivery_attempts integer NOT NULL DEFAULT 0,
  delivery_sent_at timestamptz,
  created_at timestamptz NOT NULL,
  edited_at timestamptz,
  CONSTRAINT pk_message PRIMARY KEY (project_id, id),
  CONSTRAINT fk_message_ticket FOREIGN KEY (project_id, ticket_id) REFERENCES ticket (project_id, id),
  CONSTRAINT ck_message_author CHECK (author_type IN ('customer', 'agent', 'system', 'ai')),
  CONSTRAINT ck_message_delivery CHECK (delivery_status IN ('none', 'queued', 'sent', 'failed', 'simulated')),
  CONSTRAINT ck_message_note CHECK (NOT internal OR delivery_status = 'none')
);
CREATE UNIQUE INDEX uq_message_seq ON message (project_id, ticket_id, seq);

CREATE TABLE ticket_history (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  actor_type text NOT NULL,
  actor_id text,
  actor_name text,
  action text NOT NULL,
  field text,
  "from" jsonb,
  "to" jsonb,
  request_id text,
  CONSTRAINT pk_ticket_history PRIMARY KEY (project_id, id),
  CONSTRAINT fk_ticket_history_ticket FOREIGN KEY (project_id, ticket_id) REFERENCES ticket (project_id, id)
);
CREATE INDEX ix_ticket_history_ticket ON ticket_history (project_id, ticket_id, seq);

CREATE TABLE ticket_search (
  project_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  document tsvector NOT NULL,
  CONSTRAINT pk_ticket_search PRIMARY KEY (project_id, ticket_id),
  CONSTRAINT fk_ticket_search_ticket FOREIGN KEY (project_id, ticket_id) REFERENCES ticket (project_id, id)
);
CREATE INDEX ix_ticket_search_document ON ticket_search USING gin (document);

CREATE TABLE reply_usage (
  project_id uuid NOT NULL,
  month date NOT NULL,
  replies integer NOT NULL,
  CONSTRAINT pk_reply_usage PRIMARY KEY (project_id, month)
);

CREATE TABLE idempotency_key (
  project_id uuid NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  key text NOT NULL,
  fingerprint bytea NOT NULL,
  status integer,
  body text,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_idempotency_key PRIMARY KEY (project_id, method, path, key)
);
CREATE INDEX ix_idempotency_key_created ON idempotency_key (created_at);

CREATE UNLOGGED TABLE rate_limit (
  project_id uuid NOT NULL,
  window_started_at timestamptz NOT NULL,
  previous_count integer NOT NULL,
  current_count integer NOT NULL,
  granted integer NOT NULL,
  CONSTRAINT pk_rate_limit PRIMARY KEY (project_id)
) WITH (fillfactor = 10);

CREATE TABLE installation_secret (
  name text NOT NULL,
  value text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_installation_secret PRIMARY KEY (name)
);
`;
