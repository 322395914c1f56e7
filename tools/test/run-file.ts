import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readResults } from './read-results.ts';
import type { Result } from './result.ts';
import { runProcess } from './run-process.ts';

const reporterUrl = new URL('record-events.ts', import.meta.url).href;

/** Results of one test file, and what it printed. */
export interface FileRun {
  readonly path: string;
  readonly results: readonly Result[];
  readonly output: string;
  readonly durationMilliseconds: number;
}

function readIfWritten(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A file that fails while it loads leaves no events.
    return '';
  }
}

/** Runs one test file in a process of its own; a hung one is killed with its children. */
export async function runFile(
  path: string,
  timeoutSeconds: number,
  env: NodeJS.ProcessEnv,
): Promise<FileRun> {
  const folder = mkdtempSync(join(tmpdir(), 'interpulse-test-'));
  const eventsPath = join(folder, 'events.jsonl');
  try {
    const reporter = [
      `--test-reporter=${reporterUrl}`,
      `--test-reporter-destination=${eventsPath}`,
    ];
    const args = [...reporter, path];
    const end = await runProcess({ command: process.execPath, args, env, timeoutSeconds });
    const results = readResults(path, readIfWritten(eventsPath), end);
    const { output, durationMilliseconds } = end;
    return { path, results, output, durationMilliseconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
