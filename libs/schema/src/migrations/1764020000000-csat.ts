import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `
ALTER TABLE ticket
  ADD COLUMN csat_asked_at timestamptz,
  ADD COLUMN csat_expires_at timestamptz,
  ADD COLUMN csat_rated_at timestamptz,
  ADD CONSTRAINT ck_ticket_csat_rating CHECK (csat_rating BETWEEN 1 AND 5 AND char_length(csat_comment) <= 1000),
  ADD CONSTRAINT ck_ticket_csat_rated
    CHECK ((csat_status = 'rated') = (csat_rating IS NOT NULL AND csat_rated_at IS NOT NULL)),
  ADD CONSTRAINT ck_ticket_csat_asked
    CHECK (csat_status IN ('none', 'skipped') OR (csat_asked_at IS NOT NULL AND csat_expires_at IS NOT NULL));
`;

/** What the scan looks up: only questions that nobody has answered yet. */
const INDEX = `CREATE INDEX ix_ticket_csat_open ON ticket (project_id, csat_expires_at) WHERE csat_status = 'requested'`;

/** When customers were asked for a rating, how long they can give it, and when they did. */
export class Csat1764020000000 implements MigrationInterface {
  name = 'Csat1764020000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(INDEX);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_ticket_csat_open');
    await runner.query(`ALTER TABLE ticket
      DROP CONSTRAINT ck_ticket_csat_rating, DROP CONSTRAINT ck_ticket_csat_rated, DROP CONSTRAINT ck_ticket_csat_asked,
      DROP COLUMN csat_asked_at, DROP COLUMN csat_expires_at, DROP COLUMN csat_rated_at`);
  }
}
