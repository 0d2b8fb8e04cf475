import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the installation: that of package.json. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A path below {@link ROOT}. */
export const inRoot = (...path) => join(ROOT, ...path);
