import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { ConfigApiModule } from './src/config-api.module';

void runServiceMain({ name: 'config-api', modules: [ConfigApiModule] });
