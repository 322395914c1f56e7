import type { TestGroup } from './groups.ts';
import { type FileRun, runFile } from './run-file.ts';

/** Runs files of a group, as many at a time as it allows; `onFile` hears of each as it ends. */
export async function runGroup(
  group: TestGroup,
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  onFile: (run: FileRun) => void,
): Promise<FileRun[]> {
  const waiting = [...files];
  const runs: FileRun[] = [];
  const work = async () => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const run = await runFile(path, group.fileTimeoutSeconds, env);
      onFile(run);
      runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: group.concurrency }, work));
  return runs;
}
