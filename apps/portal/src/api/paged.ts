import { keepPreviousData } from '@tanstack/react-query';

/** Rows of one page of a list. */
export const pageLimit = 50;

/** How lists that come in pages are asked for. */
export const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { next: string | null }) => page.next ?? undefined,
  // A new filter keeps the old rows until its own are there: no flicker.
  placeholderData: keepPreviousData,
};

/** The part of a question that says where a page begins. */
export function cursorOf(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor };
}
