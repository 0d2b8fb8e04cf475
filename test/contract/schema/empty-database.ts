import type { TestDatabase } from '#testing';

/** Takes everything out of a test database, as if it had just been created. */
export async function emptyDatabase({ sql }: TestDatabase): Promise<void> {
  await sql('DROP SCHEMA public CASCADE');
  await sql('CREATE SCHEMA public');
}
