#!/usr/bin/env node
/* Read by whatever Node there is: everything newer stands behind the check. */
'use strict';

require('./running/node-version.cjs').requireNode();
import('./running/run-command.mjs');
