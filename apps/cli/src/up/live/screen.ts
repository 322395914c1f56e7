/** Where the live view is drawn: in place on a terminal, as lines elsewhere. */
export interface Screen {
  /** Draws the block anew; nothing where nothing can be redrawn. */
  draw(lines: readonly string[]): void;
  /** A line that stays, above the block. */
  say(line: string): void;
  /** Leaves the last block standing and gives the cursor back. */
  close(): void;
  readonly isTerminal: boolean;
  readonly width: number;
}

/** What a screen is drawn on. */
export interface Canvas {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
}

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

/** A {@link Screen} on a stream. */
export function createScreen(canvas: Canvas): Screen {
  const isTerminal = canvas.isTTY === true;
  let block: readonly string[] = [];
  const erase = () => (block.length === 0 ? '' : `\u001B[${block.length}A\r\u001B[0J`);
  const paint = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  return {
    isTerminal,
    get width() {
      return canvas.columns ?? 80;
    },
    draw(lines) {
      if (!isTerminal) return;
      // A block higher than the terminal could not be erased again.
      const shown = lines.slice(0, Math.max(1, (canvas.rows ?? 24) - 1));
      canvas.write(`${block.length === 0 ? hideCursor : ''}${erase()}${paint(shown)}`);
      block = shown;
    },
    say(line) {
      canvas.write(`${erase()}${line}\n${paint(block)}`);
    },
    close() {
      if (isTerminal && block.length > 0) canvas.write(showCursor);
      block = [];
    },
  };
}
