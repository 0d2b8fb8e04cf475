export { insertProject } from './insert-project';
export type { ProjectSides } from './insert-project';
export { insertRow } from './insert-row';
export { createTestDatabase } from './test-database';
export type { TestDatabase } from './test-database';
