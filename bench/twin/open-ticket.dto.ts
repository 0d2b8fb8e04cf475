import { IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';

const CHANNELS = ['telegram', 'max', 'virtual'] as const;

export class OpenTicketDto {
  @IsString()
  @Length(1, 4_000)
  readonly text!: string;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly subject?: string;

  @IsOptional()
  @IsIn(CHANNELS)
  readonly channel?: (typeof CHANNELS)[number];
}
