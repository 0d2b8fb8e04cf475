import { createTestDatabase } from '#testing';
import type { TestDatabase } from '#testing';
import { MUTABLE_TICKET_COLUMNS, TICKET_COLUMNS } from './columns';

describe('the columns of a ticket', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('are those of the entity that can be written', () => {
    const entity = db.database.app.getMetadata('ticket');
    const written = entity.columns.filter((column) => !column.asExpression).map((column) => column.databaseName);
    expect([...TICKET_COLUMNS].toSorted()).toEqual(written.toSorted());
  });

  it('can change, but for those that a ticket is known by', () => {
    const fixed = TICKET_COLUMNS.filter((column) => !MUTABLE_TICKET_COLUMNS.includes(column));
    expect(fixed).toEqual([
      'project_id',
      'id',
      'live_project_id',
      'ticket_number',
      'channel',
      'source',
      'is_test',
      'created_at',
    ]);
  });
});
