import type { MigrationInterface, QueryRunner } from 'typeorm';

const RULES = `
CREATE TABLE routing_rule (
  project_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  condition jsonb NOT NULL,
  action jsonb NOT NULL,
  order_index integer NOT NULL DEFAULT 0,
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  CONSTRAINT pk_routing_rule PRIMARY KEY (project_id, id),
  CONSTRAINT fk_routing_rule_project FOREIGN KEY (project_id) REFERENCES project (id),
  CONSTRAINT ck_routing_rule_condition CHECK (jsonb_typeof(condition) = 'object' AND condition <> '{}'),
  CONSTRAINT ck_routing_rule_action CHECK (jsonb_typeof(action) = 'object' AND action <> '{}')
);
CREATE INDEX ix_routing_rule_order ON routing_rule (project_id, order_index, created_at, id) WHERE deleted_at IS NULL;
`;

/** Goes with its ticket: so emptying the test side takes it along. */
const ROUTINGS = `
CREATE TABLE ticket_routing (
  project_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  evaluated_at timestamptz NOT NULL,
  winner_rule_id uuid,
  rules jsonb NOT NULL,
  applied jsonb NOT NULL,
  CONSTRAINT pk_ticket_routing PRIMARY KEY (project_id, ticket_id),
  CONSTRAINT fk_ticket_routing_ticket FOREIGN KEY (project_id, ticket_id) REFERENCES ticket (project_id, id) ON DELETE CASCADE
);
`;

const SECURITY = [
  { table: 'routing_rule', side: 'app.live_project_id', grants: 'SELECT, INSERT, UPDATE' },
  { table: 'ticket_routing', side: 'app.project_id', grants: 'SELECT, INSERT' },
]
  .map(({ table, side, grants }) => {
    const own = `project_id = NULLIF(current_setting('${side}', true), '')::uuid`;
    return `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_project ON ${table} TO helpdesk_app USING (${own}) WITH CHECK (${own});
GRANT ${grants} ON ${table} TO helpdesk_app;`;
  })
  .join('\n');

/** The rules by which new tickets are routed, and how each ticket was. */
export class Routing1763965000000 implements MigrationInterface {
  name = 'Routing1763965000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RULES);
    await runner.query(ROUTINGS);
    await runner.query(SECURITY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ticket_routing');
    await runner.query('DROP TABLE routing_rule');
  }
}
