import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { RoutingEngineModule } from './src/routing-engine.module';

void runServiceMain({ name: 'routing-engine', modules: [RoutingEngineModule] });
