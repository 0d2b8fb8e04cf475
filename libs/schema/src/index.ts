export { APP_ROLE, WORKER_ROLE } from './roles';
export {
  ApiKeyEntity,
  ENTITIES,
  HelpdeskSettingsEntity,
  MemberEntity,
  ProjectEntity,
  TicketCounterEntity,
} from './entities';
export { MIGRATIONS } from './migrations';
export { testSideLock } from './test-side-lock';
