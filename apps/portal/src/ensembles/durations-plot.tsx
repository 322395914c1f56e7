import { useMemo, useState } from 'react';
import uPlot from 'uplot';
import { formatSpan } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { PlotFrame, type PlotPlan } from '../parts/plot-frame.tsx';
import { binDurations, type DurationBins } from './bin-durations.ts';

/** How long the jobs of an ensemble ran: how many within which times. */
export function DurationsPlot(props: {
  runSeconds: number[];
  summary: { p50: number; p90: number; longest: number } | null;
}) {
  const { runSeconds, summary } = props;
  const bins = useMemo(() => binDurations(runSeconds), [runSeconds]);
  const [pointed, setPointed] = useState<number | null>(null);
  const plan = useMemo((): PlotPlan => planOf(bins, setPointed), [bins]);
  if (bins.counts.length === 0) return <p className="ip-dim">No job has completed yet.</p>;
  const words = summary
    ? `half within ${formatSpan(round(summary.p50))}, nine of ten within ` +
      `${formatSpan(round(summary.p90))}, the longest ${formatSpan(round(summary.longest))}`
    : '';
  const from = pointed === null ? undefined : bins.edges[pointed];
  const to = pointed === null ? undefined : bins.edges[pointed + 1];
  return (
    <PlotFrame label={`Run times: ${words}`} plan={plan} heightPixels={190}>
      <span>
        {from === undefined || to === undefined
          ? words
          : `${formatSpan(round(from))} to ${formatSpan(round(to))}: ${formatCount(
              bins.counts[pointed ?? 0] ?? 0,
            )} jobs`}
      </span>
    </PlotFrame>
  );
}

function planOf(bins: DurationBins, onPoint: (place: number | null) => void): PlotPlan {
  const count = bins.counts.length;
  const edge = (place: number) => {
    const seconds = bins.edges[place];
    return seconds === undefined ? '' : formatSpan(round(seconds));
  };
  return {
    form: JSON.stringify(bins.edges),
    // Bin i is drawn from i to i + 1, so that the ticks stand at the edges.
    data: [bins.counts.map((_, place) => place + 0.5), bins.counts],
    build: (style) => ({
      legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
      padding: [8, 34, 0, 4],
      scales: {
        x: { time: false, range: () => [0, count] },
        y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] },
      },
      axes: [
        {
          font: style.font,
          stroke: style.text,
          grid: { show: false },
          ticks: { stroke: style.line, size: 5 },
          size: 28,
          space: 90,
          incrs: [1, 2, 5, 10, 20],
          values: (_plot, splits) => splits.map(edge),
        },
        {
          font: style.font,
          stroke: style.text,
          grid: { stroke: style.line, width: 1 },
          ticks: { show: false },
          size: 52,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
          values: (_plot, splits) => splits.map((value) => formatCount(value)),
        },
      ],
      series: [
        {},
        {
          fill: style.active,
          stroke: style.active,
          width: 0,
          points: { show: false },
          ...(uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.92, 80] }) } : {}),
        },
      ],
      hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
    }),
  };
}

/** Three digits are enough to compare run times. */
function round(seconds: number): number {
  return Number(seconds.toPrecision(3));
}
