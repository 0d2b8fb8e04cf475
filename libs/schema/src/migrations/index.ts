import { InitialSchema1763960000000 } from './1763960000000-initial-schema';

/** The one ordered stream of migrations; a new one goes to the end. */
export const MIGRATIONS = [InitialSchema1763960000000];
