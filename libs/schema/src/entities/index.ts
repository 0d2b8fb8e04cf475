/** Every entity; what a table looks like to TypeORM and to the drift test. */
export const ENTITIES: Array<new () => object> = [];
