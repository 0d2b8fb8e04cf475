/** So that no other user of the database takes these locks by chance. */
const SEED = 1_346_851;

/**
 * SQL of the key of a test side's lock. Who changes something of a test side holds it shared until its transaction ends; emptying
 * the side holds it alone. So every change comes as a whole before an emptying, or as a whole after it.
 * @param projectId SQL of the side's id as text.
 */
export function testSideLock(projectId: string): string {
  return `hashtextextended(${projectId}, ${SEED})`;
}
