/* Read by whatever Node there is: everything newer stands behind the check. */
import versions from './running/node-version.cjs';

versions.requireNode();
import('./running/start-app.mjs').then(({ startApp }) => startApp('split'));
