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

/** As shells tell of a program that Ctrl-C has ended. */
const interruptedCode = 130;

/** A {@link ProgressLine} on standard error, for people at a terminal. */
export function createProgressLine({ isJson }: Pick<Output, 'isJson'>): ProgressLine {
  const isWatched = process.stderr.isTTY && !isJson;
  let shown = '';
  const interrupted = () => {
    // The prompt shall not follow a bar that is half drawn.
    process.stderr.write('\r\u001B[2K');
    process.exit(interruptedCode);
  };
  return {
    show(text) {
      if (!isWatched || text === shown) return;
      if (shown === '') process.on('SIGINT', interrupted);
      shown = text;
      const width = process.stderr.columns ?? 80;
      process.stderr.write(`\r\u001B[2K${text.slice(0, width - 1)}`);
    },
    clear() {
      if (shown === '') return;
      process.off('SIGINT', interrupted);
      process.stderr.write('\r\u001B[2K');
      shown = '';
    },
  };
}
