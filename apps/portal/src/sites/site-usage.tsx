import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { SegmentedControl } from '@mantine/core';
import type uPlot from 'uplot';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';
import { PlotFrame, type PlotPlan, type PlotStyle } from '../parts/plot-frame.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import classes from './site-usage.module.css';

type Sample = Schemas['SiteSample'];

const route = getRouteApi('/sites/$site');

const spans = [
  { value: '6', label: '6 h' },
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
  { value: '336', label: '14 d' },
];

/** How a site was used over time: its cores, and the jobs that ran and that waited. */
export function SiteUsage(props: { site: string }) {
  const { hours = 24 } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isLoadingError, error } = useQuery(queries.siteUsage(props.site, hours));
  return (
    <section className="ip-panel">
      <div className={classes.head}>
        <h2 className="ip-heading">Use over time</h2>
        <SegmentedControl
          aria-label="Time span"
          size="xs"
          value={String(hours)}
          data={spans}
          onChange={(value) =>
            void navigate({ search: { hours: Number(value) }, replace: true, resetScroll: false })
          }
        />
      </div>
      {isLoadingError && <ProblemNotice error={error} />}
      {data && data.samples.length < 2 && (
        <p className="ip-dim">Nothing was noted in this time yet.</p>
      )}
      {data && data.samples.length >= 2 && <UsagePlots samples={data.samples} hours={hours} />}
    </section>
  );
}

function UsagePlots(props: { samples: Sample[]; hours: number }) {
  const { samples } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const now = useHubNow(60_000);
  const plans = useMemo(
    () => ({
      cores: corePlan(samples, setPointed),
      jobs: jobPlan(samples, setPointed),
    }),
    [samples],
  );
  const sample = samples[pointed ?? samples.length - 1];
  if (sample === undefined) return null;
  const when = pointed === null ? 'now' : formatInstant(sample.at, now);
  return (
    <div className={classes.plots}>
      <PlotFrame
        label="Cores busy, and cores of pilots, over time"
        plan={plans.cores}
        heightPixels={190}
      >
        <span>
          <i style={{ background: 'var(--ip-active)' }} />
          cores busy <b>{formatCount(sample.coresBusy)}</b>
        </span>
        <span>
          <i className={classes.total} />
          cores on pilots <b>{formatCount(sample.coresTotal)}</b>
        </span>
        <span className="ip-dim">{when}</span>
      </PlotFrame>
      <PlotFrame label="Jobs active and ready over time" plan={plans.jobs} heightPixels={190}>
        <span>
          <i style={{ background: 'var(--ip-active)' }} />
          jobs active <b>{formatCount(sample.jobsActive)}</b>
        </span>
        <span>
          <i style={{ background: 'var(--ip-late)' }} />
          ready <b>{formatCount(sample.jobsReady)}</b>
        </span>
        <span className="ip-dim">{when}</span>
      </PlotFrame>
    </div>
  );
}

/** A plot of a new site is no shorter than this. */
const leastSpanSeconds = 600;
/** Ticks at whole minutes, hours and days. */
const tickSeconds = [1, 2, 5, 10, 30, 60, 120, 180, 360, 720, 1440, 2880].map(
  (minutes) => minutes * 60,
);

type OnPoint = (place: number | null) => void;

const times = (samples: Sample[]) => samples.map((sample) => Date.parse(sample.at) / 1000);

function corePlan(samples: Sample[], onPoint: OnPoint): PlotPlan {
  return {
    form: 'cores',
    data: [
      times(samples),
      samples.map((sample) => sample.coresTotal),
      samples.map((sample) => sample.coresBusy),
    ],
    build: (style) =>
      overTime(style, onPoint, [
        { stroke: style.text, fill: style.sunken, width: 1, points: { show: false } },
        { stroke: style.active, fill: `${style.active}55`, width: 1.6, points: { show: false } },
      ]),
  };
}

function jobPlan(samples: Sample[], onPoint: OnPoint): PlotPlan {
  return {
    form: 'jobs',
    data: [
      times(samples),
      samples.map((sample) => sample.jobsReady),
      samples.map((sample) => sample.jobsActive),
    ],
    build: (style) =>
      overTime(style, onPoint, [
        { stroke: style.waiting, width: 1.6, points: { show: false } },
        { stroke: style.active, width: 1.6, points: { show: false } },
      ]),
  };
}

function overTime(
  style: PlotStyle,
  onPoint: OnPoint,
  series: uPlot.Series[],
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = { font: style.font, stroke: style.text, ticks: { stroke: style.line, size: 5 } };
  return {
    legend: { show: false },
    cursor: {
      points: { show: false },
      drag: { x: false, y: false },
      y: false,
      sync: { key: 'use' },
    },
    padding: [8, 12, 0, 4],
    scales: {
      x: { range: (_plot, from, to) => [Math.min(from, to - leastSpanSeconds), to] },
      y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.08)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 80,
        incrs: tickSeconds,
        values: (_plot, splits, _place, _space, step) => splits.map((at) => timeTick(at, step)),
      },
      {
        ...axis,
        grid: { stroke: style.line, width: 1 },
        ticks: { show: false },
        size: 56,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
        values: (_plot, splits) => splits.map((value) => formatCount(value)),
      },
    ],
    series: [{}, ...series],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  };
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** The time of day, or the day where days lie between the ticks. */
function timeTick(atSeconds: number, stepSeconds: number): string {
  const date = new Date(atSeconds * 1000);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return stepSeconds >= 86_400 || isMidnight ? day.format(date) : clock.format(date);
}
