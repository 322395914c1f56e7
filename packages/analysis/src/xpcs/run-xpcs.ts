import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { openImageSeries } from '@interpulse/formats/image-series/open-image-series.ts';
import type { AnalysisResult } from './analyze-series.ts';
import { analyzeSeries } from './analyze-series.ts';
import { chooseRegions } from './choose-regions.ts';
import type { CommandOptions } from './command-options.ts';
import { writeResults } from './write-results.ts';

const progressIntervalMilliseconds = 500;

/**
 * Analyses what the options name, writes the result file, tells progress on standard error and
 * the rates found on standard output.
 *
 * @throws DomainError `invalid`, `notFound`, `exhausted` for bad input, `unavailable` when the
 * result cannot be written.
 */
export async function runXpcs(options: CommandOptions, version: string): Promise<void> {
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
      version,
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
