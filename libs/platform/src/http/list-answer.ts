/** What a list was asked for, as its answer repeats it. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

/** Where a page of a list stands. */
export interface PagePlace {
  /** How many there are in all; not counted behind a cursor. */
  readonly total?: number;
  /** Leads to the next page; null on the last one. */
  readonly nextCursor: string | null;
}

/** What every list answers beside its items. */
export interface ListPage {
  readonly total?: number;
  readonly limit: number;
  readonly offset: number;
  readonly next_cursor: string | null;
}

/** The envelope of a list, with the resource's plural as the key of its items. */
export function presentList<Plural extends string, Item>(
  plural: Plural,
  items: readonly Item[],
  request: PageRequest,
  place: PagePlace,
): ListPage & Readonly<Record<Plural, readonly Item[]>> {
  return { [plural]: items, ...presentPage(request, place) } as ListPage & Readonly<Record<Plural, readonly Item[]>>;
}

/** The members of the envelope that follow the items. */
export function presentPage({ limit, offset }: PageRequest, { total, nextCursor }: PagePlace): ListPage {
  return { ...(total !== undefined && { total }), limit, offset, next_cursor: nextCursor };
}
