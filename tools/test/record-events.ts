import { relative } from 'node:path';

/** One finished test or suite, as a line of JSON in the file that the runner reads back. */
export interface RecordedEvent {
  readonly type: 'test' | 'suite' | 'summary';
  /** Names from the outermost suite inwards. */
  readonly names: readonly string[];
  readonly isPassed: boolean;
  /** Why it was skipped; the empty string when no reason was given. */
  readonly skipReason?: string;
  readonly durationMilliseconds: number;
  /** Node's word for the kind of failure, as `subtestsFailed`. */
  readonly failureType?: string;
  readonly failure?: string;
}

interface TestEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: {
      readonly type?: string;
      readonly duration_ms?: number;
      readonly error?: Error & { readonly failureType?: string };
    };
  };
}

function describeFailure(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  const here = `file://${process.cwd()}/`;
  const stack = cause.stack ?? cause.message;
  const lines = stack.split('\n').filter((line) => !line.includes('(node:internal'));
  const deeper = cause !== error && cause.cause instanceof Error ? cause.cause : undefined;
  const because = deeper ? `\n  caused by ${deeper.stack ?? deeper.message}` : '';
  return (lines.join('\n') + because).replaceAll(here, relative(process.cwd(), '') || '');
}

function describeSkip(event: TestEvent): string | undefined {
  const mark = event.data.skip ?? event.data.todo;
  if (mark === undefined || mark === false) return undefined;
  return typeof mark === 'string' ? mark : '';
}

function toRecord(event: TestEvent, names: readonly string[]): RecordedEvent {
  const details = event.data.details;
  const error = details?.error;
  const skipReason = describeSkip(event);
  return {
    type: details?.type === 'suite' ? 'suite' : 'test',
    names,
    isPassed: event.type === 'test:pass',
    durationMilliseconds: details?.duration_ms ?? 0,
    ...(skipReason === undefined ? {} : { skipReason }),
    ...(error?.failureType === undefined ? {} : { failureType: error.failureType }),
    ...(error === undefined ? {} : { failure: describeFailure(error) }),
  };
}

/** A node:test reporter: one line of JSON per finished test or suite, and one at the end. */
export default async function* recordEvents(source: AsyncIterable<TestEvent>) {
  const names: string[] = [];
  for await (const event of source) {
    const { name = '', nesting = 0 } = event.data;
    if (event.type === 'test:start') {
      names.length = nesting;
      names[nesting] = name;
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const path = [...names.slice(0, nesting), name];
      yield `${JSON.stringify(toRecord(event, path))}\n`;
    } else if (event.type === 'test:summary') {
      const end: RecordedEvent = {
        type: 'summary',
        names: [],
        isPassed: true,
        durationMilliseconds: 0,
      };
      yield `${JSON.stringify(end)}\n`;
    }
  }
}
