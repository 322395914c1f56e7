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

/** Writes values as lines of JSON; those of one turn of the event loop travel together. */
export function lineWriter<T>(stream: Writable): (value: T) => void {
  let text = '';
  return (value) => {
    if (text === '') {
      setImmediate(() => {
        const all = text;
        text = '';
        if (stream.writable) stream.write(all);
      });
    }
    text += `${JSON.stringify(value)}\n`;
  };
}
