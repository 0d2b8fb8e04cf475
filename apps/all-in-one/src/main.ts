import { runMain } from '#platform';
import { startAllInOne } from './start-all-in-one';

void runMain(startAllInOne);
