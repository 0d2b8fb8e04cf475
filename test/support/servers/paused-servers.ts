import { PrivateBroker } from '../../../scripts/testing/private-broker.mjs';
import { PrivatePostgres } from './private-postgres';

/** A program that starts private servers, says where they are, lets them stand still, and never ends by itself. */
async function main(): Promise<void> {
  const [postgres, broker] = await Promise.all([PrivatePostgres.start(), PrivateBroker.start()]);
  await postgres.pause();
  broker.pause();
  process.stdout.write(`${JSON.stringify({ postgres: postgres.url, broker: broker.url })}\n`);
  setInterval(() => undefined, 60_000);
}

void main();
