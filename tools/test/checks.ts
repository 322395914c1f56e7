import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Result } from './result.ts';
import { runProcess } from './run-process.ts';

/** A program that passes by exiting with 0; counted as one test. */
export interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Said when it fails: what to do next. */
  readonly remedy: string;
  /** The check runs only when this file exists, so that an unfinished room does not count. */
  readonly needs?: string;
}

/** Programs of node_modules/.bin are started by path, so that npm need not set PATH. */
const bin = (name: string) => join('node_modules', '.bin', name);

const checks: readonly Check[] = [
  {
    name: 'format (prettier)',
    args: [bin('prettier'), '--check', '--log-level=warn', '.'],
    remedy: 'npm run format',
  },
  {
    name: 'lint (oxlint, with types)',
    args: [bin('oxlint')],
    remedy: 'see .oxlintrc.json for the rules',
  },
  { name: 'types (tsc)', args: [bin('tsc'), '--noEmit'], remedy: 'tsc --noEmit' },
  {
    name: 'types of the portal (tsc)',
    args: [bin('tsc'), '--noEmit', '-p', 'apps/portal'],
    remedy: 'tsc --noEmit -p apps/portal',
    needs: 'apps/portal/tsconfig.json',
  },
  {
    name: 'unused files, exports and dependencies (knip)',
    args: [bin('knip'), '--no-progress', '--no-config-hints'],
    remedy: 'remove what nothing uses, or name it in knip.json',
  },
  {
    name: 'generated files are current',
    args: [process.execPath, 'tools/generate.ts', '--check'],
    remedy: 'npm run generate',
    needs: 'tools/generate.ts',
  },
  {
    name: 'the portal builds (vite)',
    args: [process.execPath, 'tools/setup.js', 'portal'],
    remedy: 'node tools/setup.js portal',
    needs: 'apps/portal/vite.config.ts',
  },
];

const checkTimeoutSeconds = 240;

async function runCheck(check: Check, env: NodeJS.ProcessEnv): Promise<Result> {
  const [command = '', ...args] = check.args;
  const end = await runProcess({ command, args, env, timeoutSeconds: checkTimeoutSeconds });
  const base = { source: check.name, name: '', durationMilliseconds: end.durationMilliseconds };
  if (end.exitCode === 0) return { ...base, status: 'passed', reason: '' };
  const why = end.isTimedOut ? `did not end within ${checkTimeoutSeconds} s\n` : '';
  const reason = `${why}${end.output.trimEnd()}\nRemedy: ${check.remedy}`;
  return { ...base, status: 'failed', reason };
}

/** Runs the checks one after another; `onResult` hears of each as it ends. */
export async function runChecks(
  env: NodeJS.ProcessEnv,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    if (check.needs !== undefined && !existsSync(check.needs)) continue;
    const result = await runCheck(check, env);
    onResult(result);
    results.push(result);
  }
  return results;
}
