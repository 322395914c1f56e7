import type { RecordedEvent } from './record-events.ts';
import type { Result } from './result.ts';

/** What is known about the process that ran a test file. */
export interface FileEnd {
  readonly exitCode: number | null;
  readonly isTimedOut: boolean;
  readonly durationMilliseconds: number;
  /** What the process printed, both streams together. */
  readonly output: string;
}

function toResult(source: string, event: RecordedEvent): Result | undefined {
  const name = event.names.join(' > ');
  const durationMilliseconds = event.durationMilliseconds;
  const base = { source, name, durationMilliseconds };
  if (event.skipReason !== undefined) {
    return { ...base, status: 'skipped', reason: event.skipReason || 'no reason given' };
  }
  if (!event.isPassed) {
    // A suite repeats the failures of its tests; only a failure of its own is news.
    if (event.type === 'suite' && event.failureType === 'subtestsFailed') return undefined;
    return { ...base, status: 'failed', reason: event.failure ?? event.failureType ?? '' };
  }
  return event.type === 'suite' ? undefined : { ...base, status: 'passed', reason: '' };
}

function explainEnd(end: FileEnd, results: readonly Result[], hasSummary: boolean): string {
  const seconds = (end.durationMilliseconds / 1000).toFixed(0);
  const last = results.at(-1)?.name;
  const where = last === undefined ? 'before any test ended' : `after "${last}"`;
  if (end.isTimedOut) return `the file did not end within ${seconds} s; it was stopped ${where}`;
  const isFailureKnown = results.some((result) => result.status === 'failed');
  if (end.exitCode !== 0 && !isFailureKnown) {
    return `the file exited with ${end.exitCode ?? 'a signal'}, ${where}`;
  }
  if (results.length === 0) return 'the file has no tests, or left before it told of one';
  return hasSummary ? '' : `the process ended early, ${where}`;
}

/**
 * Turns the recorded events of one test file into results. A file that hangs, crashes, leaves
 * early or has no tests yields one more failed result that carries the end of its output.
 */
export function readResults(source: string, recorded: string, end: FileEnd): Result[] {
  const events: RecordedEvent[] = [];
  for (const line of recorded.split('\n')) {
    // The last line is incomplete when the process was killed while writing it.
    if (line.endsWith('}')) events.push(JSON.parse(line) as RecordedEvent);
  }
  const hasSummary = events.some((event) => event.type === 'summary');
  const results = events
    .filter((event) => event.type !== 'summary')
    .map((event) => toResult(source, event))
    .filter((result) => result !== undefined);
  const problem = explainEnd(end, results, hasSummary);
  if (problem === '') return results;
  const tail = end.output.trimEnd().split('\n').slice(-30).join('\n');
  return [
    ...results,
    {
      status: 'failed',
      source,
      name: '',
      reason: tail === '' ? problem : `${problem}\n${tail}`,
      durationMilliseconds: end.durationMilliseconds,
    },
  ];
}
