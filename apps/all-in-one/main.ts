import { runMain } from '#platform';
import { startAllInOne } from './src/start-all-in-one';

void runMain(startAllInOne);
