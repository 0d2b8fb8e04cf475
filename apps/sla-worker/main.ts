import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { SlaWorkerModule } from './src/sla-worker.module';

void runServiceMain({ name: 'sla-worker', modules: [SlaWorkerModule] });
