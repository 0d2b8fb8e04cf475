import { isAlive } from './is-alive.mjs';
import { query } from './test-database.mjs';

const NAME = /^helpdesk_test_(\d+)_/;
const HERE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Drops the test databases of processes that are gone. Only on a server of this machine: elsewhere their process ids say
 * nothing.
 * @param {string} url
 * @returns {Promise<number>} how many there were.
 */
export async function dropLeftovers(url) {
  if (!HERE.has(new URL(url).hostname)) {
    return 0;
  }
  const databases = await query(
    url,
    `SELECT datname AS name FROM pg_database
     WHERE datname LIKE 'helpdesk\\_test\\_%' AND datname NOT IN (SELECT datname FROM pg_stat_activity WHERE datname IS NOT NULL)`,
  );
  const left = databases.filter(({ name }) => NAME.test(name) && !isAlive(Number(NAME.exec(name)[1])));
  for (const { name } of left) {
    await query(url, `DROP DATABASE IF EXISTS "${name}"`);
  }
  return left.length;
}
