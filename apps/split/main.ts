import 'reflect-metadata';
import { runMain } from '#platform';
import { startSplit } from './src/start-split';

void runMain(startSplit);
