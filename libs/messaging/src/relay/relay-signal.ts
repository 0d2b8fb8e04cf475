import { Injectable } from '@nestjs/common';
import { WakeSignal } from './wake-signal';

/**
 * Tells this process's relay that events were committed. The process that commits relays, so writers send no NOTIFY, which would
 * make their commits wait for each other; what a process left behind when it died is found by the others' next poll.
 */
@Injectable()
export class RelaySignal extends WakeSignal {}
