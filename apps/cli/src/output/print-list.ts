import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { renderTable, type Table } from './render-table.ts';

/** How much of a list is wanted. */
export interface Paging {
  limit?: number | undefined;
  cursor?: string | undefined;
  all?: boolean | undefined;
}

/** One page as the API answers it. */
interface Page<T> {
  items: T[];
  next: string | null;
}

/** The query of one page. */
type PageQuery = { limit?: number; cursor?: string };

/** Fetches a list, or all pages of it, and prints it as a table or as the API's page. */
export async function printList<T>(
  context: Context,
  paging: Paging,
  fetchPage: (query: PageQuery) => Promise<Page<T>>,
  tableOf: (items: T[]) => Table,
): Promise<void> {
  const query: PageQuery = {};
  if (paging.limit !== undefined) query.limit = paging.limit;
  if (paging.cursor !== undefined) query.cursor = paging.cursor;
  const page = await fetchPage(query);
  const items = [...page.items];
  let { next } = page;
  while (paging.all === true && next !== null) {
    const more = await fetchPage({ ...query, cursor: next });
    items.push(...more.items);
    next = more.next;
  }
  const width = context.out.isTerminal ? (process.stdout.columns ?? 0) : 0;
  context.out.document({ items, next }, () => renderTable(tableOf(items), width));
  if (next !== null && !context.out.isJson) {
    context.out.note(`there is more: --all, or --cursor ${next}`);
  }
}

/** Reads a whole number from a flag. @throws DomainError invalid. */
export function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new DomainError('invalid', `"${text}" is not a whole number`);
}

/** Reads a whole number, also below 0, from a flag. @throws DomainError invalid. */
export function anyWholeNumber(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new DomainError('invalid', `"${text}" is not a whole number`);
}

/** Reads a number from a flag. @throws DomainError invalid. */
export function positiveNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new DomainError('invalid', `"${text}" is not a number above 0`);
}
