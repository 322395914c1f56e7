/** Where a command prints what it found: one JSON document, JSON lines, or text for people. */
export interface Output {
  readonly isJson: boolean;
  /** True when people watch: colours and lines drawn anew make sense. */
  readonly isTerminal: boolean;
  /** The whole answer: the API's object as it is, or the text. */
  document(value: unknown, text: () => string): void;
  /** One item of a stream. */
  item(value: unknown, text: () => string): void;
  /** A remark that is no part of the answer; on standard error. */
  note(text: string): void;
}

/** An {@link Output} to the process' streams. */
export function createOutput(isJson: boolean): Output {
  const print = (text: string) => {
    if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    isJson,
    isTerminal: process.stdout.isTTY && !isJson,
    document: (value, text) => print(isJson ? JSON.stringify(value, null, 2) : text()),
    item: (value, text) => print(isJson ? JSON.stringify(value) : text()),
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}
