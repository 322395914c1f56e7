import { parseArgs } from 'node:util';

/** The parts of a whole test run, in their order. */
export const runParts = ['checks', 'unit', 'rooms', 'system'] as const;

/** One part of a whole test run. */
export type RunPart = (typeof runParts)[number];

/** What the command line asks for. */
export interface RunOptions {
  readonly parts: readonly RunPart[];
  /** Test files are taken when their path contains one of these; all when there is none. */
  readonly filters: readonly string[];
}

/** Shown for `--help` and after a mistake. */
export const usage = `Usage: npm test -- [--only=PART[,PART]] [PATH ...]
PART is one of ${runParts.join(', ')}. PATH selects the test files whose path contains it
and leaves out the checks unless they are asked for.`;

function isPart(word: string): word is RunPart {
  return (runParts as readonly string[]).includes(word);
}

/** Reads the arguments; throws an Error with the fault and the usage. */
export function readOptions(args: readonly string[]): RunOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' } },
    allowPositionals: true,
  });
  const filters = positionals.map((path) => path.replace(/^\.\//, ''));
  if (values.only === undefined) {
    return { parts: filters.length === 0 ? runParts : ['unit', 'rooms', 'system'], filters };
  }
  const words = values.only.split(',');
  const unknown = words.find((word) => !isPart(word));
  if (unknown !== undefined) throw new Error(`--only: unknown part "${unknown}"\n${usage}`);
  return { parts: runParts.filter((part) => words.includes(part)), filters };
}
