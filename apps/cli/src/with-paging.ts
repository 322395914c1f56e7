import type { Command, OptionValues } from '@commander-js/extra-typings';
import { wholeNumber } from './output/print-list.ts';

/** Adds the flags of every list: how many rows, from where on, or all of them. */
export function withPaging<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option('--limit <count>', 'rows in a page', wholeNumber)
    .option('--cursor <cursor>', 'where the page before ended')
    .option('--all', 'every page');
}
