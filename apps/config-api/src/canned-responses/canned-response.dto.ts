import {
  checkOneLine,
  decodeCursor,
  DescribeSchema,
  isUuid,
  Matching,
  OneLine,
  PageQuery,
  Text,
  Uuid,
} from '#platform';
import { CANNED_VARIABLES } from '#settings';
import type { CannedResponseFields, ConfigurationPageRequest } from '#settings';

/** Most UTF-16 code units of a title. */
const MAX_TITLE = 100;
/** Most UTF-16 code units of a text: those of a message. */
const MAX_TEXT = 4000;

const SHORTCUT = /^[a-z0-9_-]{1,32}$/;

const VARIABLES = CANNED_VARIABLES.map((name) => `\`{{${name}}}\``).join(', ');

const TITLE = { max: MAX_TITLE, description: 'By which agents find it.', example: 'Delivery delayed' };
const TEXT = {
  max: MAX_TEXT,
  description: `The answer, with variables: ${VARIABLES}. Others are refused.`,
  example: 'Hello {{first_name}}, your parcel is on its way. {{agent_name}}, {{project_name}}',
};
const SHORT = {
  nullable: true,
  words: 'must have 1 to 32 of a-z, 0-9, - and _',
  description: 'By which agents insert it; unique in the project. Null: none.',
  example: 'delay',
};

const checkFoldedTitle = checkOneLine({ max: MAX_TITLE * 4 });

export class CannedResponseListQuery extends PageQuery {
  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toRequest(): ConfigurationPageRequest {
    this.assertOneWay();
    const { limit, offset, cursor } = this;
    const after = cursor === undefined ? undefined : decodeCursor('canned-responses', cursor, placeOf);
    return { limit, offset, after };
  }
}

function placeOf(value: unknown): readonly unknown[] | undefined {
  const [title, id, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
  return checkFoldedTitle(title) === null && isUuid(id) && rest.length === 0 ? [title, id] : undefined;
}

@DescribeSchema({ description: 'A new canned response.' })
export class CreateCannedResponseDto {
  @OneLine({ ...TITLE, required: true })
  readonly title!: string;

  @Text({ ...TEXT, required: true })
  readonly text!: string;

  @Matching(SHORTCUT, SHORT)
  readonly shortcut?: string | null;

  toFields(): CannedResponseFields {
    return { title: this.title, text: this.text, shortcut: this.shortcut ?? null };
  }
}

@DescribeSchema({ description: 'The fields of a canned response to change; what is left out stays as it is.' })
export class UpdateCannedResponseDto {
  @OneLine(TITLE)
  readonly title?: string;

  @Text(TEXT)
  readonly text?: string;

  @Matching(SHORTCUT, SHORT)
  readonly shortcut?: string | null;

  toChanges(): Partial<CannedResponseFields> {
    return { title: this.title, text: this.text, shortcut: this.shortcut };
  }
}

@DescribeSchema({ description: 'For which ticket to render.' })
export class RenderCannedResponseDto {
  @Uuid({
    required: true,
    description: 'The ticket whose customer is to be answered.',
    example: '019ab6c2-7a10-7c3e-9a55-1f2d3c4b5a69',
  })
  readonly ticket_id!: string;
}
