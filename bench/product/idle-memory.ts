import { median } from '../loader/latencies';
import { allInOne } from './product';
import { pause, ServerProcess } from './server-process';

const SAMPLES = 10;
const SAMPLE_MS = 1_000;

/** Memory of the whole product in one process, in bytes: started, ready, and nothing asked of it. Postgres is not in it. */
export async function measureIdleMemory(databaseUrl: string): Promise<number> {
  const server = await ServerProcess.start(allInOne(databaseUrl));
  try {
    const samples: number[] = [];
    for (let index = 0; index < SAMPLES; index++) {
      await pause(SAMPLE_MS);
      samples.push(server.residentBytes);
    }
    return median(samples);
  } finally {
    await server.stop();
  }
}
