export { consumerOf, EventScene, storingEffects } from './event-scene';
export type { AppendOptions, Effect, EventProcess, EventProcessOptions } from './event-scene';
export { insertProject } from './insert-project';
export type { ProjectSides } from './insert-project';
export { insertRow } from './insert-row';
export { createTestDatabase } from './test-database';
export type { TestDatabase } from './test-database';
