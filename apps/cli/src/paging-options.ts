import { Option } from '@commander-js/extra-typings';
import { wholeNumber } from './output/print-list.ts';

/** The options of every list. */
export const pagingOptions = {
  limit: () => new Option('--limit <count>', 'rows in a page').argParser(wholeNumber),
  cursor: () => new Option('--cursor <cursor>', 'where the page before ended'),
  all: () => new Option('--all', 'every page'),
} as const;
