import { limits } from '@interpulse/domain/limits.ts';

/** Where a page begins, and how many rows it has. */
export interface PageQuery {
  limit: number;
  cursor?: string;
}

/** The items of a list, page by page, as far as somebody reads. */
export async function* readPages<T>(
  fetchPage: (query: PageQuery) => Promise<{ items: T[]; next: string | null }>,
): AsyncGenerator<T> {
  let query: PageQuery = { limit: limits.pageRows };
  for (;;) {
    const { items, next } = await fetchPage(query);
    yield* items;
    if (next === null) return;
    query = { ...query, cursor: next };
  }
}
