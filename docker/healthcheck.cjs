'use strict';
// Ends with 0 when the process of this container wants requests, else with 1 and its reason. Asks the operators' port.
const { get } = require('node:http');

const PORT = Number(process.env.OPS_PORT || 9464);
const PATIENCE_MS = 2_500;

function fail(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

const request = get({ host: '127.0.0.1', port: PORT, path: '/readyz', timeout: PATIENCE_MS }, (answer) => {
  let text = '';
  answer.setEncoding('utf8').on('data', (piece) => (text += piece));
  answer.on('end', () => (answer.statusCode === 200 ? process.exit(0) : fail(text.trim())));
});
request.on('timeout', () => request.destroy(new Error(`no answer within ${PATIENCE_MS} ms`)));
request.on('error', (error) => fail(error.message));
