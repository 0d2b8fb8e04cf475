import { fieldError } from '#contracts';
import { OneLine, WholeNumber } from '../fields/fields';
import { MAX_CURSOR_LENGTH } from './cursor';

/** The query parameters that page through a list. */
export class PageQuery {
  @WholeNumber({ min: 1, max: 100, default: 50, description: 'Most items of a page.', example: 50 })
  readonly limit: number = 50;

  @WholeNumber({
    min: 0,
    max: 10_000,
    default: 0,
    description: 'Items to skip. Beyond 10,000 go on by `cursor`.',
    example: 0,
  })
  readonly offset: number = 0;

  @OneLine({
    max: MAX_CURSOR_LENGTH,
    description: '`next_cursor` of the page before. Not together with `offset`.',
    example: 'eyJrIjoidGlja2V0cyJ9',
  })
  readonly cursor?: string;

  /** @throws {DomainError} `validation_failed` when offset and cursor are both given. */
  protected assertOneWay(): void {
    if (this.cursor !== undefined && this.offset !== 0) {
      throw fieldError('offset', 'format', 'Page by cursor or by offset, not by both: leave offset out.');
    }
  }
}
