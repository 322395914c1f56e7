import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { DomainError } from '@interpulse/domain/error.ts';

/** What `--help` prints. */
export const help = `interpulse-xpcs: photon correlation of frames (multi-tau g2, errors, fits)

Usage: interpulse-xpcs --input FILE_OR_FOLDER --output results.h5 [options]

Input
  --input PATH                   NeXus, DXchange or plain HDF5 file, or a folder of PNG or TIFF
  --dataset PATH                 which dataset of an HDF5 file [frames, rows, columns]
  --first-frame N                from 0 (default 0)
  --last-frame N                 included (default: the last one)
  --stride N                     take every N-th frame (default 1)
  --average N                    average groups of N frames (default 1)
  --normalize-by-frame-sum       divide each frame by its sum
  --frame-period-seconds S       overrides what the file says

Regions
  --qmap FILE                    HDF5 file with dynamic (and static) maps of bins from 1
  --dynamic-rings N              without a map: rings around the beam (default 8)
  --static-rings-per-dynamic N   finer rings for the normalisation (default: 1.5 pixels
                                 wide, at most 10)
  --center-row R, --center-column C
                                 beam in pixels (default: the file's, else the middle)
  --inner-radius P, --outer-radius P
                                 of the rings, in pixels

Correlation
  --channels-per-level N         delays per level of the multi-tau scheme (default 4)
  --levels N                     highest level (default: all that fit)
  --fit single|stretched|none    model of g2 (default single)
  --threads N                    default: all cores that this process may use

Output
  --output FILE                  HDF5 file after NXxpcs; appears when it is complete
  --quiet                        no progress on standard error
  --help, --version

Exit status: 0 done, 1 failed, 2 bad input or arguments.
`;

/** The parsed command line. */
export interface CommandOptions {
  input: string;
  output: string;
  dataset: string | undefined;
  qmap: string | undefined;
  dynamicRings: number;
  staticRingsPerDynamic: number | undefined;
  centerRow: number | undefined;
  centerColumn: number | undefined;
  innerRadius: number | undefined;
  outerRadius: number | undefined;
  firstFrame: number;
  lastFrame: number | undefined;
  stride: number;
  average: number;
  normalizeByFrameSum: boolean;
  framePeriodSeconds: number | undefined;
  channelsPerLevel: number;
  levels: number | undefined;
  fit: 'single' | 'stretched' | 'none';
  threads: number;
  quiet: boolean;
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const names = {
  input: text,
  output: text,
  dataset: text,
  qmap: text,
  'dynamic-rings': text,
  'static-rings-per-dynamic': text,
  'center-row': text,
  'center-column': text,
  'inner-radius': text,
  'outer-radius': text,
  'first-frame': text,
  'last-frame': text,
  stride: text,
  average: text,
  'normalize-by-frame-sum': flag,
  'frame-period-seconds': text,
  'channels-per-level': text,
  levels: text,
  fit: text,
  threads: text,
  quiet: flag,
  help: flag,
  version: flag,
} as const;

/**
 * Reads the arguments; `help` or `version` when one of them was asked for.
 *
 * @throws DomainError `invalid` naming the argument at fault.
 */
export function parseCommand(args: string[]): CommandOptions | 'help' | 'version' {
  const values = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const number = (name: keyof typeof values, minimum: number, isWhole = true) => {
    const given = values[name];
    if (typeof given !== 'string') return undefined;
    const value = given.trim() === '' ? Number.NaN : Number(given);
    if (Number.isFinite(value) && value >= minimum && (!isWhole || Number.isInteger(value))) {
      return value;
    }
    const kind = isWhole ? 'a whole number' : 'a number';
    throw fault(`--${name} is ${given}; give ${kind} from ${minimum}`);
  };
  const { input, output, fit = 'single' } = values;
  if (input === undefined) throw fault('--input is missing; name a file or folder');
  if (output === undefined) throw fault('--output is missing; name the HDF5 file to write');
  if (fit !== 'single' && fit !== 'stretched' && fit !== 'none') {
    throw fault(`--fit is ${fit}; give single, stretched or none`);
  }
  const period = number('frame-period-seconds', 0, false);
  if (period === 0) throw fault('--frame-period-seconds is 0; give a time');
  const anywhere = Number.NEGATIVE_INFINITY;
  return {
    input,
    output,
    dataset: values.dataset,
    qmap: values.qmap,
    dynamicRings: number('dynamic-rings', 1) ?? 8,
    staticRingsPerDynamic: number('static-rings-per-dynamic', 1),
    centerRow: number('center-row', anywhere, false),
    centerColumn: number('center-column', anywhere, false),
    innerRadius: number('inner-radius', 0, false),
    outerRadius: number('outer-radius', 0, false),
    firstFrame: number('first-frame', 0) ?? 0,
    lastFrame: number('last-frame', 0),
    stride: number('stride', 1) ?? 1,
    average: number('average', 1) ?? 1,
    normalizeByFrameSum: values['normalize-by-frame-sum'],
    framePeriodSeconds: period,
    channelsPerLevel: number('channels-per-level', 1) ?? 4,
    levels: number('levels', 0),
    fit,
    threads: number('threads', 1) ?? availableParallelism(),
    quiet: values.quiet,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: names, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw fault(cause instanceof Error ? cause.message.split('. ')[0]! : String(cause), cause);
  }
}

function fault(why: string, cause?: unknown): DomainError {
  return new DomainError('invalid', `${why} (see --help)`, { cause });
}
