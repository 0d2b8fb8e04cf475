import type { Command } from '../command-line/command';
import { CONSUMER_COMMANDS } from './consumer.commands';
import { DEAD_EVENT_COMMANDS } from './dead-event.commands';
import { doctor } from './doctor.command';
import { lag } from './event-lag.command';
import { replay } from './event-replay.command';
import { KEY_COMMANDS } from './key.commands';
import { MEMBER_COMMANDS } from './member.commands';
import { MIGRATE_COMMANDS } from './migrate.commands';
import { PROJECT_COMMANDS } from './project.commands';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...PROJECT_COMMANDS,
  ...KEY_COMMANDS,
  ...MEMBER_COMMANDS,
  ...CONSUMER_COMMANDS,
  ...MIGRATE_COMMANDS,
  lag,
  replay,
  ...DEAD_EVENT_COMMANDS,
  doctor,
];
