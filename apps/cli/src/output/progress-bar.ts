import type { Output } from './output.ts';

/** A bar of `width` characters for a share from 0 to 1. */
export function progressBar(share: number, width: number): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(done)}${'░'.repeat(width - done)}`;
}

/** One line on standard error that is drawn anew in place; silent where nobody watches. */
export interface ProgressLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/** A {@link ProgressLine} on standard error, for people at a terminal. */
export function createProgressLine({ isJson }: Pick<Output, 'isJson'>): ProgressLine {
  const isWatched = process.stderr.isTTY && !isJson;
  let shown = '';
  return {
    show(text) {
      if (!isWatched || text === shown) return;
      shown = text;
      const width = process.stderr.columns ?? 80;
      process.stderr.write(`\r\u001B[2K${text.slice(0, width - 1)}`);
    },
    clear() {
      if (shown !== '') process.stderr.write('\r\u001B[2K');
      shown = '';
    },
  };
}
