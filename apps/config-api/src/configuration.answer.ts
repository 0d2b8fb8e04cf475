import { ApiProperty } from '@nestjs/swagger';

const time = (description: string) =>
  ({ type: String, format: 'date-time', description, example: '2026-11-24T09:30:00.000Z' }) as const;

/** What every object of the configuration answers beside its own fields. */
export class ConfigurationObjectDto {
  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'Its id.',
    example: '019ab6b0-33cc-7f5e-8a61-2c3d4e5f6071',
  })
  readonly id!: string;

  @ApiProperty(time('When it was made.'))
  readonly created_at!: string;

  @ApiProperty(time('When it was changed last.'))
  readonly updated_at!: string;
}
