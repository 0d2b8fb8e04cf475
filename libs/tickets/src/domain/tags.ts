import { DomainError } from '#contracts';

/** Most tags that one ticket may carry. */
export const MAX_TAGS = 20;

/** The form in which tags are compared: tags that differ only in case are one. */
export function tagKey(tag: string): string {
  return tag.normalize('NFC').toLowerCase();
}

/** The list without repetitions; of several spellings the first is kept. */
export function uniqueTags(tags: readonly string[]): string[] {
  const spellings = new Map<string, string>();
  for (const tag of tags) {
    if (!spellings.has(tagKey(tag))) {
      spellings.set(tagKey(tag), tag);
    }
  }
  return [...spellings.values()];
}

/**
 * The list with one tag more; the same list when the tag is there already.
 * @throws {DomainError} `validation_failed` when the ticket would carry more than {@link MAX_TAGS}.
 */
export function withTag(tags: readonly string[], tag: string): readonly string[] {
  const added = uniqueTags([...tags, tag]);
  if (added.length > MAX_TAGS) {
    const message = `A ticket carries at most ${MAX_TAGS} tags. Remove one first.`;
    throw new DomainError('validation_failed', message, { details: [{ field: 'tags', code: 'max', message }] });
  }
  return added.length === tags.length ? tags : added;
}

/** The list without a tag, in whatever case it is written. */
export function withoutTag(tags: readonly string[], tag: string): readonly string[] {
  const left = tags.filter((one) => tagKey(one) !== tagKey(tag));
  return left.length === tags.length ? tags : left;
}
