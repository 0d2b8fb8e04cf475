import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { RelaySignal } from '#messaging';
import { runService } from '#platform';
import { BenchConsumerModule, WriteEffectOnEvent } from './bench-consumer';
import { machineTime } from './messages';
import type { Reply, Request } from './messages';
import { writeEvents } from './write-events';

/** A process of the product for the benchmark, which tells it what to do. As every process it relays; `consumer` says the rest. */
async function main(role: string): Promise<void> {
  const isConsumer = role === 'consumer';
  const { app, close } = await runService({ name: `bench-${role}`, modules: isConsumer ? [BenchConsumerModule] : [] });
  const stop = () => void close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  process.on('message', (request: Request) => {
    answer(app, request).then(tell, (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  });
  tell({ kind: 'ready' });
}

async function answer(app: INestApplicationContext, request: Request): Promise<Reply> {
  switch (request.kind) {
    case 'relay': {
      const at = machineTime();
      app.get(RelaySignal, { strict: false }).raise();
      return { kind: 'relaying', at };
    }
    case 'write':
      return writeEvents(app, request);
    case 'arrivals':
      return { kind: 'arrived', ...app.get(WriteEffectOnEvent, { strict: false }).take() };
  }
}

function tell(reply: Reply): void {
  process.send?.(reply);
}

void main(process.argv[2] ?? '');
