import type { Readable, Writable } from 'node:stream';

/** Calls `onLine` with each line of a stream, without its end. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

/** Writes values as lines of JSON. */
export interface LineWriter<T> {
  /** Goes out with all else of this turn of the event loop. */
  write(value: T): void;
  /** Goes out with what is written next, or by itself after so many milliseconds. */
  writeLater(value: T, laterMs: number): void;
}

/** Each write wakes the reader, which costs more than what it reads: few are made. */
export function lineWriter<T>(stream: Writable): LineWriter<T> {
  let text = '';
  let isPlanned = false;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    isPlanned = false;
    const all = text;
    text = '';
    if (stream.writable) stream.write(all);
  };
  return {
    write: (value) => {
      text += `${JSON.stringify(value)}\n`;
      if (isPlanned) return;
      isPlanned = true;
      setImmediate(flush);
    },
    writeLater: (value, laterMs) => {
      text += `${JSON.stringify(value)}\n`;
      if (!isPlanned) timer ??= setTimeout(flush, laterMs);
    },
  };
}
