'use strict';

// Whoever started Jest holds the other end. When it is killed, Jest and all that its tests have started end with it.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
process.channel?.unref();

/**
 * A Jest reporter that counts by kind of test and sends the counts to the process that started Jest:
 * `{ [kind]: { files, passed, failed, skipped } }`. A file that could not be run counts as one failed test.
 */
module.exports = class KindReporter {
  counts = {};

  onTestResult(test, result) {
    const kind = test.context.config.displayName.name;
    const counts = (this.counts[kind] ??= { files: 0, passed: 0, failed: 0, skipped: 0 });
    counts.files += 1;
    counts.passed += result.numPassingTests;
    counts.failed += result.numFailingTests + (result.testExecError && result.numFailingTests === 0 ? 1 : 0);
    counts.skipped += result.numPendingTests + result.numTodoTests;
  }

  onRunComplete() {
    process.send?.(this.counts);
  }
};
