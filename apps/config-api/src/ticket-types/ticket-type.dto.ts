import {
  checkOneLine,
  decodeCursor,
  DescribeSchema,
  Flag,
  isUuid,
  OneLine,
  PageQuery,
  Text,
  WholeNumber,
} from '#platform';
import type { ConfigurationPageRequest, NewFields, TicketType } from '#settings';

/** Most UTF-16 code units of a type's name. */
const MAX_NAME = 100;
/** Most UTF-16 code units of a type's description. */
const MAX_DESCRIPTION = 500;
/** Bounds of a type's place in the order. */
const SORT_ORDER = { min: -1_000_000, max: 1_000_000 };

const NAME = { max: MAX_NAME, example: 'Bug' };
const DESCRIPTION = {
  max: MAX_DESCRIPTION,
  nullable: true,
  description: 'What belongs to it; null clears it.',
  example: 'Something does not work as it should',
};
const ORDER = { ...SORT_ORDER, description: 'Its place in lists: the smallest comes first. Default: 0.', example: 10 };
const ENABLED = { description: 'Whether it can be given to tickets. Default: true.', example: true };

const checkFoldedName = checkOneLine({ max: MAX_NAME * 4 });

export class TicketTypeListQuery extends PageQuery {
  /** @throws {DomainError} `validation_failed` when the cursor belongs to another list, or offset comes with it. */
  toRequest(): ConfigurationPageRequest {
    this.assertOneWay();
    const { limit, offset, cursor } = this;
    return { limit, offset, after: cursor === undefined ? undefined : decodeCursor('ticket-types', cursor, placeOf) };
  }
}

function placeOf(value: unknown): readonly unknown[] | undefined {
  const [order, name, id, ...rest] = Array.isArray(value) ? (value as unknown[]) : [];
  const isPlace =
    Number.isInteger(order) &&
    Math.abs(order as number) <= SORT_ORDER.max &&
    checkFoldedName(name) === null &&
    isUuid(id);
  return isPlace && rest.length === 0 ? [order, name, id] : undefined;
}

@DescribeSchema({ description: 'A new ticket type.' })
export class CreateTicketTypeDto {
  @OneLine({ ...NAME, required: true, description: 'What customers and agents see; unique whatever its case.' })
  readonly name!: string;

  @Text(DESCRIPTION)
  readonly description?: string | null;

  @WholeNumber(ORDER)
  readonly sort_order?: number;

  @Flag(ENABLED)
  readonly enabled?: boolean;

  toFields(): NewFields<TicketType> {
    const { name, description = null, sort_order: sortOrder = 0, enabled = true } = this;
    return { name, description, sortOrder, enabled };
  }
}

@DescribeSchema({ description: 'The fields of a ticket type to change; what is left out stays as it is.' })
export class UpdateTicketTypeDto {
  @OneLine({ ...NAME, description: 'The new name. Tickets keep the one that they were given.' })
  readonly name?: string;

  @Text(DESCRIPTION)
  readonly description?: string | null;

  @WholeNumber(ORDER)
  readonly sort_order?: number;

  @Flag({ ...ENABLED, description: 'Whether it can be given to tickets. Those that have it keep it.' })
  readonly enabled?: boolean;

  toChanges(): Partial<NewFields<TicketType>> {
    const { name, description, sort_order: sortOrder, enabled } = this;
    return { name, description, sortOrder, enabled };
  }
}
