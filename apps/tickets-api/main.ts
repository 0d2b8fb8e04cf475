import 'reflect-metadata';
import { runServiceMain } from '#platform';
import { TicketsApiModule } from './src/tickets-api.module';

void runServiceMain({ name: 'tickets-api', modules: [TicketsApiModule] });
