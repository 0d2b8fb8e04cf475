'use strict';
// For `node --require`: lets node run a program of the tests from its TypeScript source. Whatever such a program imports of the
// product is the compiled code of dist/, the same that the product's own processes run.
const { readFileSync } = require('node:fs');
const { join, relative } = require('node:path');
const { transformSync } = require('@swc/core');

const ROOT = join(__dirname, '..', '..', '..');
const OPTIONS = {
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

require.extensions['.ts'] = (module, filename) => {
  const source = relative(ROOT, filename);
  if (/^(apps|libs)\//.test(source)) {
    module.exports = require(join(ROOT, 'dist', source.replace(/\.ts$/, '.js')));
    return;
  }
  // oxlint-disable-next-line no-underscore-dangle -- node's own name
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename }).code, filename);
};
