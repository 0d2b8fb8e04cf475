/* Read by whatever Node there is, so it is written in the oldest JavaScript. */
'use strict';

/** Ends the process with one clear line unless this Node can run the product: it loads ES modules by require(). */
exports.requireNode = function requireNode() {
  var parts = process.versions.node.split('.').map(Number);
  var major = parts[0];
  var minor = parts[1];
  var fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!fits) {
    process.stderr.write(
      'Helpdesk needs Node.js 20.19 or newer (of Node.js 22: 22.12). This is ' +
        process.version +
        ' (' +
        process.execPath +
        ').\n',
    );
    process.exit(1);
  }
};
