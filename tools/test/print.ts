import { formatClosingLine, tallyResults } from './closing-line.ts';
import type { Result } from './result.ts';
import type { SecondTry } from './run-again.ts';
import type { FileRun } from './run-file.ts';

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

const indent = (text: string) => text.replaceAll(/^/gm, '    ');

function titleOf(result: Result): string {
  return result.name === '' ? result.source : `${result.source}: ${result.name}`;
}

/** One line for a check that ended, and its output when it failed. */
export function printCheck(result: Result): void {
  const mark = result.status === 'passed' ? 'ok  ' : 'FAIL';
  console.log(`${mark} ${result.source} (${seconds(result.durationMilliseconds)})`);
  if (result.status === 'failed') console.log(indent(result.reason));
}

/** One line for a test file that ended, its failures, and then what it printed. */
export function printFile(run: FileRun): void {
  const failed = run.results.filter((result) => result.status === 'failed');
  const mark = failed.length === 0 ? 'ok  ' : 'FAIL';
  const time = seconds(run.durationMilliseconds);
  console.log(`${mark} ${run.path} (${formatClosingLine(tallyResults(run.results))}; ${time})`);
  for (const result of failed) console.log(indent(`${titleOf(result)}\n${result.reason}`));
  const output = run.output.trim();
  if (failed.length > 0 && output !== '') {
    const tail = output.split('\n').slice(-60).join('\n');
    console.log(indent(`--- the last lines it printed\n${tail}\n---`));
  }
}

function printSlowest(results: readonly Result[]): void {
  const slowest = results
    .toSorted((a, b) => b.durationMilliseconds - a.durationMilliseconds)
    .slice(0, 10);
  console.log('\nSlowest tests:');
  for (const result of slowest) {
    console.log(`  ${seconds(result.durationMilliseconds).padStart(8)}  ${titleOf(result)}`);
  }
}

function printSkipped(results: readonly Result[]): void {
  const skipped = results.filter((result) => result.status === 'skipped');
  if (skipped.length === 0) return;
  console.log('\nSkipped:');
  for (const result of skipped) console.log(`  ${titleOf(result)}: ${result.reason}`);
}

function printFailures(results: readonly Result[]): void {
  const failed = results.filter((result) => result.status === 'failed');
  if (failed.length === 0) return;
  console.log('\nFailed:');
  for (const result of failed) {
    console.log(`  ${titleOf(result)}`);
    console.log(indent(result.reason.split('\n').slice(0, 8).join('\n')));
  }
}

function printSecondTries(secondTries: readonly SecondTry[]): void {
  if (secondTries.length === 0) return;
  console.log('\nNeeded a second try, alone:');
  for (const { first } of secondTries) {
    for (const result of first.results.filter(({ status }) => status === 'failed')) {
      console.log(`  ${titleOf(result)}`);
      console.log(indent(result.reason.split('\n').slice(0, 4).join('\n')));
    }
  }
}

/** The end of the whole run: slowest, skipped, second tries, failed, times, the closing line. */
export function printSummary(
  results: readonly Result[],
  secondTries: readonly SecondTry[],
  partTimes: ReadonlyMap<string, number>,
): void {
  if (results.length > 1) printSlowest(results);
  printSkipped(results);
  printSecondTries(secondTries);
  printFailures(results);
  const times = [...partTimes].map(([part, milliseconds]) => `${part} ${seconds(milliseconds)}`);
  console.log(`\nTime: ${times.join(', ')}`);
  console.log(formatClosingLine(tallyResults(results)));
}
