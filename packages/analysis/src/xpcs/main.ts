import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { openImageSeries } from '@interpulse/formats/image-series/open-image-series.ts';
import type { AnalysisResult } from './analyze-series.ts';
import { analyzeSeries } from './analyze-series.ts';
import { chooseRegions } from './choose-regions.ts';
import type { CommandOptions } from './command-options.ts';
import { help, parseCommand } from './command-options.ts';
import { writeResults } from './write-results.ts';

const progressIntervalMilliseconds = 500;

async function run(options: CommandOptions): Promise<void> {
  const say = progressPrinter(options.quiet);
  const series = await openImageSeries(
    options.input,
    options.dataset === undefined ? {} : { dataset: options.dataset },
  );
  try {
    const regions = await chooseRegions(series, options);
    const known = options.framePeriodSeconds ?? series.metadata.framePeriodSeconds;
    if (known === undefined) say('the file names no frame period: times are in frames');
    const result = await analyzeSeries(series, {
      regions,
      selection: {
        firstFrame: options.firstFrame,
        lastFrame: options.lastFrame ?? series.frames - 1,
        stride: options.stride,
        average: options.average,
        normalizeByFrameSum: options.normalizeByFrameSum,
      },
      channelsPerLevel: options.channelsPerLevel,
      levels: options.levels,
      framePeriod: known ?? 1,
      timeUnit: known === undefined ? 'frame' : 's',
      fit: options.fit,
      threads: options.threads,
      progress: say,
    });
    await writeResults(options.output, result, {
      title: series.metadata.title ?? basename(resolve(options.input)),
      inputPath: options.input,
      inputSizeBytes: statSync(options.input).size,
      version: version(),
      parameters: { ...options },
      threads: options.threads,
      endedAt: new Date().toISOString(),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      metadata: series.metadata,
    });
    process.stdout.write(summary(result, options.output));
  } finally {
    series.close();
  }
}

function progressPrinter(isQuiet: boolean): (message: string) => void {
  let printedAt = Number.NEGATIVE_INFINITY;
  return (message) => {
    const isCount = /^read \d/.test(message) && !/^read (\d+)\/\1 /.test(message);
    if (isQuiet || (isCount && performance.now() - printedAt < progressIntervalMilliseconds))
      return;
    printedAt = performance.now();
    process.stderr.write(`xpcs: ${message}\n`);
  };
}

function summary(result: AnalysisResult, output: string): string {
  const { regions, fits, framePeriod, timeUnit, rateLaw, frames } = result;
  const rows = fits.map((fit, bin) => {
    const rate = (fit.gammaPerFrame / framePeriod).toPrecision(4);
    const error = (fit.gammaPerFrameError / framePeriod).toPrecision(2);
    const q = regions.q[bin]!.toPrecision(4);
    const contrast = fit.contrast.toFixed(3);
    const value = `${rate.padStart(10)} ± ${error.padEnd(8)}`;
    return `${q.padStart(10)}  ${value}  ${contrast}  ${fit.status}`;
  });
  const head = `${`q (${regions.qUnit})`.padStart(10)}  rate (1/${timeUnit})            contrast`;
  const law =
    rateLaw === undefined
      ? []
      : [`rate ~ q^${rateLaw.slope.toFixed(2)} ± ${rateLaw.slopeError.toFixed(2)}`];
  const lines = [...(fits.length > 0 ? [head] : []), ...rows, ...law];
  return [...lines, `${frames} frames correlated; wrote ${output}`, ''].join('\n');
}

function version(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

try {
  const command = parseCommand(process.argv.slice(2));
  if (command === 'help') process.stdout.write(help);
  else if (command === 'version') process.stdout.write(`interpulse-xpcs ${version()}\n`);
  else await run(command);
} catch (error) {
  const isKnown = error instanceof DomainError;
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(`xpcs: ${isKnown ? detail : `failed: ${detail}`}\n`);
  process.exitCode = isKnown && error.kind !== 'unavailable' ? 2 : 1;
}
