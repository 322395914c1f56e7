/** What is shown of a log, grown piece by piece. */
export interface LogText {
  /** Whole lines, without what only a terminal understands. */
  lines: string;
  /** The line that has not ended, as it came. */
  openLine: string;
  /** The first lines were left out: there is more than is shown. */
  isCut: boolean;
}

/** A log of which nothing has come yet. */
export const emptyLog: LogText = { lines: '', openLine: '', isCut: false };

const escape = String.fromCodePoint(27);
const bell = String.fromCodePoint(7);

/** Colours and cursor moves (CSI), titles and links (OSC), and the short ones. */
const sequences = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|[@-Z\\\\^_])`,
  'g',
);

/** A line as a terminal would leave it: what stands after the last carriage return. */
function cookLine(raw: string): string {
  const plain = raw.replaceAll(sequences, '').replace(/\r+$/, '');
  return plain.slice(plain.lastIndexOf('\r') + 1);
}

/**
 * Adds a piece that may begin and end in the middle of a line or of an escape sequence, and lets go
 * of the oldest lines above `maxCharacters`.
 */
export function appendLog(log: LogText, piece: string, maxCharacters: number): LogText {
  const raw = (log.openLine + piece).split('\n');
  const openLine = raw.pop() ?? '';
  const added = raw.map((line) => `${cookLine(line)}\n`).join('');
  const lines = log.lines + added;
  const excess = lines.length - maxCharacters;
  const cutAt = excess > 0 ? lines.indexOf('\n', excess) + 1 : 0;
  return {
    lines: lines.slice(cutAt),
    // A progress line that never ends must not grow for ever.
    openLine: openLine.slice(-maxCharacters),
    isCut: log.isCut || cutAt > 0,
  };
}

/** The text to show. */
export function shownLog(log: LogText): string {
  const unfinished = log.openLine.replace(new RegExp(`${escape}[^${escape}]{0,32}$`), (tail) =>
    // A sequence of which only the beginning has come is not text.
    new RegExp(sequences.source).test(tail) ? tail : '',
  );
  return log.lines + cookLine(unfinished);
}
