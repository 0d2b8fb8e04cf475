import { ApiProperty } from '@nestjs/swagger';
import { ACTOR_TYPES, EXAMPLE_ACTOR } from '#contracts';
import type { Actor } from '#contracts';
import { DescribeSchema } from './describe-schema';

/** Describes who did something: in histories and events alike. */
@DescribeSchema({ description: 'Who did something.', example: EXAMPLE_ACTOR })
export class ActorDto implements Actor {
  @ApiProperty({ type: String, enum: [...ACTOR_TYPES], description: 'What kind of doer.', example: 'key' })
  readonly type!: Actor['type'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The doer’s id.',
    example: '019ab6b0-22bb-7e4d-9f50-1b2c3d4e5f60',
  })
  readonly id!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The doer’s name; of a key its first characters.',
    example: 'zn_live_x7Kp',
  })
  readonly name!: string | null;
}
