/**
 * The one test command: checks, then every `*.test.ts` in groups. The last line it prints adds
 * everything up, `N passed, N failed`; it exits with 1 unless something passed and nothing failed.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { listFiles } from './list-files.ts';
import { runChecks } from './test/checks.ts';
import { isGreen, tallyResults } from './test/closing-line.ts';
import { selectFiles, testGroups } from './test/groups.ts';
import { printCheck, printFile, printSummary } from './test/print.ts';
import { readOptions, type RunOptions } from './test/read-options.ts';
import type { Result } from './test/result.ts';
import { mostSecondTries, runFailedAgain, type SecondTry } from './test/run-again.ts';
import { runGroup } from './test/run-group.ts';
import { killAllProcesses } from './test/run-process.ts';

const root = dirname(import.meta.dirname);

function buildEnvironment(): NodeJS.ProcessEnv {
  const compileCache = join(root, '.cache', 'node-compile');
  mkdirSync(compileCache, { recursive: true });
  const path = `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`;
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: path, NODE_COMPILE_CACHE: compileCache };
  // Set when one node:test run is started by another: the inner one would report to the outer.
  delete env['NODE_TEST_CONTEXT'];
  return env;
}

async function runAll(options: RunOptions): Promise<Result[]> {
  const env = buildEnvironment();
  const results: Result[] = [];
  const secondTries: SecondTry[] = [];
  const partTimes = new Map<string, number>();
  const paths = listFiles(root);
  for (const part of options.parts) {
    const startedMilliseconds = performance.now();
    console.log(`\n== ${part}`);
    if (part === 'checks') {
      results.push(...(await runChecks(env, printCheck)));
    } else {
      const group = testGroups.find((candidate) => candidate.name === part);
      if (group === undefined) throw new Error(`no test group is named ${part}`);
      const files = selectFiles(group, paths, options.filters);
      const first = await runGroup(group, files, env, printFile);
      const triesLeft = mostSecondTries - secondTries.length;
      const again = await runFailedAgain(group, first, env, triesLeft);
      for (const { second } of again.secondTries) printFile(second);
      secondTries.push(...again.secondTries);
      results.push(...again.runs.flatMap((run) => run.results));
    }
    partTimes.set(part, performance.now() - startedMilliseconds);
  }
  printSummary(results, secondTries, partTimes);
  return results;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAllProcesses();
    process.exit(130);
  });
}

process.chdir(root);
try {
  const results = await runAll(readOptions(process.argv.slice(2)));
  process.exitCode = isGreen(tallyResults(results)) ? 0 : 1;
} catch (error) {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
