import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { DomainError } from '@interpulse/domain/error.ts';
import { centerMethods, type CenterMethod } from './find-center.ts';
import { reconstructionFilters, type ReconstructionFilter } from './reconstruction-filter.ts';
import type { TomographyValues } from './tomography-source.ts';

/** What the command line of `tomo` can say, checked. */
export interface TomoOptions {
  input: string;
  output: string;
  center: CenterMethod | number;
  centerSlice: number | undefined;
  filter: ReconstructionFilter;
  cutoffCyclesPerPixel: number;
  order: number;
  rings: 'none' | 'sorting';
  /** First slice and the one after the last; undefined leaves an end open. */
  slices: { first: number | undefined; end: number | undefined };
  threads: number;
  padding: 1 | 2 | 4;
  beyondEdge: 'zero' | 'edge';
  rounding: 'exact' | 'tomopy';
  values: TomographyValues;
  anglesFile: string | undefined;
  flat: string | undefined;
  dark: string | undefined;
  memoryBytes: number;
  previewPng: string | undefined;
  previewJson: string | undefined;
}

/** Printed by `--help`. */
export const tomoHelp = `Reconstructs a parallel-beam tomography scan (gridrec).

  tomo --input SCAN --output FILE.h5 [options]

Input and output
  --input PATH         DXchange or NXtomo HDF5, or pictures: a folder of PNG or TIFF (sorted by
                       the numbers in their names) or one TIFF of many pages
  --output FILE        HDF5: /entry/reconstruction/data float32[slice, row, column], per pixel
  --preview FILE       the middle slice as 8-bit PNG
  --preview-json FILE  the same for the portal (preview.json)
  --flat PATH          pictures without sample, for picture input
  --dark PATH          pictures without beam, for picture input
  --angles-file FILE   one angle in degrees per projection; otherwise the file's own, or evenly
                       over 180°
  --values KIND        counts (default; needs flat), transmission or absorption (= -ln)

Reconstruction
  --center WHERE       auto (default), entropy, phase, vo, or a column such as 296.5
  --center-slice N     the slice that the axis is found with (default: the middle one)
  --filter NAME        ${reconstructionFilters.join(', ')}
                       (default parzen)
  --cutoff F           of the filter, cycles per pixel (default 0.5)
  --order N            of the butterworth filter (default 8)
  --ring METHOD        none (default) or sorting (Vo 2018, algorithm 3)
  --slices A:B         detector rows A to B-1, counted from 0 (default: all)
  --padding N          1, 2 (default) or 4 times the width; 1 cups
  --beyond-edge WHAT   edge (default: the last value goes on) or zero
  --rounding HOW       exact (default), or tomopy: its coarser tables; with --padding 1
                       --beyond-edge zero images equal tomopy's gridrec

Running
  --threads N          default: all cores (${availableParallelism()} here)
  --memory MIB         for slices in flight (default 512)
  --help               this text

Progress goes to standard error. Exit code 2: the input or an option is wrong.`;

const stringOption = { type: 'string' } as const;
const optionNames = [
  ...['input', 'output', 'preview', 'preview-json', 'flat', 'dark', 'angles-file', 'values'],
  ...['center', 'center-slice', 'filter', 'cutoff', 'order', 'ring', 'slices', 'padding'],
  ...['beyond-edge', 'rounding', 'threads', 'memory'],
];

type Given = Record<string, string | boolean | undefined>;

/**
 * Reads the command line.
 *
 * @returns The options, or 'help'.
 * @throws DomainError `invalid`, in one line that names the option.
 */
export function parseTomoOptions(args: string[]): TomoOptions | 'help' {
  const given = split(args);
  if (given['help'] === true) return 'help';
  const text = (name: string): string | undefined => given[name] as string | undefined;
  return {
    input: required(given, 'input'),
    output: required(given, 'output'),
    center: centerOf(text('center') ?? 'auto'),
    centerSlice: optional(given, 'center-slice', (name) => whole(given, name, 0, 1e9)),
    filter: choice(given, 'filter', reconstructionFilters, 'parzen'),
    cutoffCyclesPerPixel: number(given, 'cutoff', 0.5, (value) => value > 0 && value <= 10),
    order: number(given, 'order', 8, (value) => value > 0 && value <= 100),
    rings: choice(given, 'ring', ['none', 'sorting'] as const, 'none'),
    slices: slicesOf(text('slices') ?? ':'),
    threads: optional(given, 'threads', (name) => whole(given, name, 1, 1024)) ?? cores(),
    padding: Number(choice(given, 'padding', ['1', '2', '4'] as const, '2')) as 1 | 2 | 4,
    beyondEdge: choice(given, 'beyond-edge', ['zero', 'edge'] as const, 'edge'),
    rounding: choice(given, 'rounding', ['exact', 'tomopy'] as const, 'exact'),
    values: choice(given, 'values', ['counts', 'transmission', 'absorption'] as const, 'counts'),
    anglesFile: text('angles-file'),
    flat: text('flat'),
    dark: text('dark'),
    memoryBytes: number(given, 'memory', 512, (value) => value > 0) * 2 ** 20,
    previewPng: text('preview'),
    previewJson: text('preview-json'),
  };
}

function cores(): number {
  return availableParallelism();
}

function split(args: string[]): Given {
  const options = Object.fromEntries(optionNames.map((name) => [name, stringOption]));
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    return parseArgs({ args, options: { ...options, help }, strict: true }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0]! : String(cause);
    throw wrong(reason.replace(/\. To specify.*$/, ''), cause);
  }
}

function required(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== 'string' || value === '') throw wrong(`--${name} is missing`);
  return value;
}

function optional<T>(given: Given, name: string, read: (name: string) => T): T | undefined {
  return given[name] === undefined ? undefined : read(name);
}

function choice<T extends string>(
  given: Given,
  name: string,
  choices: readonly T[],
  otherwise: T,
): T {
  const value = given[name] ?? otherwise;
  const found = choices.find((each) => each === value);
  if (found === undefined) {
    throw wrong(`--${name} must be one of ${choices.join(', ')}, not ${String(value)}`);
  }
  return found;
}

function number(
  given: Given,
  name: string,
  otherwise: number,
  accepts: (value: number) => boolean,
): number {
  const text = given[name] ?? String(otherwise);
  const value = String(text).trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value) || !accepts(value)) {
    throw wrong(`--${name} cannot be ${String(text)}`);
  }
  return value;
}

function whole(given: Given, name: string, lowest: number, highest: number): number {
  return number(
    given,
    name,
    lowest,
    (value) => Number.isInteger(value) && value >= lowest && value <= highest,
  );
}

function centerOf(text: string): CenterMethod | number {
  const method = centerMethods.find((each) => each === text);
  if (method !== undefined) return method;
  if (text.trim() === '' || !Number.isFinite(Number(text))) {
    throw wrong(`--center must be ${centerMethods.join(', ')} or a column number, not ${text}`);
  }
  return Number(text);
}

function slicesOf(text: string): TomoOptions['slices'] {
  const match = /^(\d*):(\d*)$/.exec(text);
  if (match === null) throw wrong(`--slices must look like 0:100 (or 10: or :10), not ${text}`);
  const [, first, end] = match;
  return {
    first: first === '' ? undefined : Number(first),
    end: end === '' ? undefined : Number(end),
  };
}

function wrong(text: string, cause?: unknown): DomainError {
  return new DomainError('invalid', `${text}; see tomo --help.`, { cause });
}
