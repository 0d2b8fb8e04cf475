import { findPythonWithPika } from '../../scripts/testing/test-python.mjs';

/** A Python that can speak AMQP: `scripts/test.mjs` has brought it, if there is any. */
export const TEST_PYTHON = findPythonWithPika();

/** `describe`, unless this machine has no such Python; the run says so. */
export const describeWithPython = TEST_PYTHON === undefined ? describe.skip : describe;
