import type { TestGroup } from './groups.ts';
import { runFile, type FileRun } from './run-file.ts';

/** So many files of a run may need a second try; with more of them, something is wrong. */
export const mostSecondTries = 3;

/** A file that failed beside others and passed alone. Both its runs are printed. */
export interface SecondTry {
  readonly first: FileRun;
  readonly second: FileRun;
}

/** Whether any test of a file failed. */
export function hasFailed(run: FileRun): boolean {
  return run.results.some(({ status }) => status === 'failed');
}

/**
 * Runs what failed in a group once more, alone: these tests wait for browsers, databases and
 * batch systems, and a stall of the machine is not a fault of the project. Pure tests get no second
 * try. The answer has the run that counts for every file, and which of them needed a second one.
 */
export async function runFailedAgain(
  group: TestGroup,
  runs: readonly FileRun[],
  env: NodeJS.ProcessEnv,
  triesLeft: number,
  run: typeof runFile = runFile,
): Promise<{ runs: FileRun[]; secondTries: SecondTry[] }> {
  const failed = runs.filter(hasFailed);
  if (!group.hasSecondTry || failed.length > triesLeft) return { runs: [...runs], secondTries: [] };
  const secondTries: SecondTry[] = [];
  for (const first of failed) {
    secondTries.push({ first, second: await run(first.path, group.fileTimeoutSeconds, env) });
  }
  const counting = (each: FileRun) =>
    secondTries.find(({ first }) => first === each)?.second ?? each;
  return { runs: runs.map(counting), secondTries };
}
