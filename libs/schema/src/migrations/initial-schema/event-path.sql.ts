/** Tables of the event path: what happened, how far the log and the consumers have come, and what they have seen. */
export const INITIAL_EVENT_PATH = `
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL,
  project_id uuid NOT NULL,
  type text NOT NULL,
  aggregate_id uuid NOT NULL,
  aggregate_seq integer NOT NULL,
  body text NOT NULL,
  request_id text,
  traceparent text,
  created_at timestamptz NOT NULL,
  position bigint,
  published_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz,
  last_error text,
  CONSTRAINT pk_outbox PRIMARY KEY (id)
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE UNIQUE INDEX uq_outbox_event ON outbox (event_id);
CREATE UNIQUE INDEX uq_outbox_aggregate_seq ON outbox (project_id, aggregate_id, aggregate_seq);
CREATE UNIQUE INDEX uq_outbox_position ON outbox (project_id, position) WHERE position IS NOT NULL;
CREATE INDEX ix_outbox_unsequenced ON outbox (id) WHERE position IS NULL;
CREATE INDEX ix_outbox_unpublished ON outbox (id) WHERE position IS NOT NULL AND published_at IS NULL;
CREATE INDEX ix_outbox_refused ON outbox (project_id, aggregate_id, id) WHERE attempts > 0 AND published_at IS NULL;

CREATE TABLE event_log_head (
  project_id uuid NOT NULL,
  last_position bigint NOT NULL DEFAULT 0,
  pruned_through bigint NOT NULL DEFAULT 0,
  CONSTRAINT pk_event_log_head PRIMARY KEY (project_id)
);

CREATE TABLE event_consumer (
  consumer text NOT NULL,
  types text[] NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_event_consumer PRIMARY KEY (consumer)
);

CREATE TABLE event_delivery (
  outbox_id bigint NOT NULL,
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  project_id uuid NOT NULL,
  aggregate_id uuid NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_error text,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_event_delivery PRIMARY KEY (outbox_id, consumer),
  CONSTRAINT ck_event_delivery_status CHECK (status IN ('pending', 'dead'))
) WITH (autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX ix_event_delivery_due ON event_delivery (consumer, next_at, outbox_id) WHERE status = 'pending';
CREATE INDEX ix_event_delivery_aggregate ON event_delivery (consumer, project_id, aggregate_id, outbox_id) WHERE status = 'pending';
CREATE INDEX ix_event_delivery_dead ON event_delivery (consumer, outbox_id) WHERE status = 'dead';

CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id uuid NOT NULL,
  processed_at timestamptz NOT NULL,
  CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id)
);
CREATE INDEX ix_inbox_processed ON inbox (processed_at);
`;
