export { APP_ROLE, WORKER_ROLE } from './roles';
export { ENTITIES } from './entities';
export { MIGRATIONS } from './migrations';
