import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Considered = Schemas['JobExplanation']['sites'][number];

/** Parts of an answer, in the order in which they follow; transfer and wait go side by side. */
export const estimateParts = ['transfer', 'wait', 'run', 'return'] as const;

/** One of {@link estimateParts}. */
export type EstimatePart = (typeof estimateParts)[number];

/** A part of an answer at a site, in seconds from now. */
export interface BarPiece {
  part: EstimatePart;
  fromSeconds: number;
  seconds: number;
}

/** A site that could take a job: what is expected there. */
export interface SiteBar {
  siteName: string;
  pieces: BarPiece[];
  totalSeconds: number;
  finishAt: string;
  isInTime: boolean;
}

/** Bars on one scale, the earliest first, with the deadline where there is one. */
export interface SiteBars {
  bars: SiteBar[];
  /** The whole width. */
  scaleSeconds: number;
  /** Null without a deadline, or when it lies beyond the scale or in the past. */
  deadlineSeconds: number | null;
  refused: { siteName: string; refusal: string }[];
}

/** A site that is so much slower would press all others flat: its bar is cut. */
const longestOverFirst = 12;

/** What the placer expected of each site, as bars that can be compared. */
export function layOutSiteBars(sites: Considered[], deadlineAt: string | null): SiteBars {
  const bars = sites
    .flatMap(({ siteName, estimate }) => (estimate === null ? [] : [barOf(siteName, estimate)]))
    .sort((a, b) => a.totalSeconds - b.totalSeconds);
  const [first] = bars;
  const deadline = first === undefined ? null : deadlineFrom(first, deadlineAt);
  const longest = Math.max(...bars.map((bar) => bar.totalSeconds), 0);
  const shown = Math.min(longest, (first?.totalSeconds ?? 0) * longestOverFirst);
  // A far deadline is named in words; stretching the scale to it would hide the differences.
  const isNear = deadline !== null && deadline > 0 && deadline <= shown * 2.5;
  const scale = isNear ? Math.max(shown, deadline * 1.04) : shown;
  return {
    bars,
    scaleSeconds: scale > 0 ? scale : 1,
    deadlineSeconds: isNear ? deadline : null,
    refused: sites.flatMap(({ siteName, estimate, refusal }) =>
      estimate === null ? [{ siteName, refusal: refusal ?? 'not looked at' }] : [],
    ),
  };
}

function barOf(siteName: string, estimate: NonNullable<Considered['estimate']>): SiteBar {
  const { transferSeconds, waitSeconds, runSeconds, returnSeconds } = estimate;
  const begin = Math.max(transferSeconds, waitSeconds);
  const pieces: BarPiece[] = [
    { part: 'transfer', fromSeconds: 0, seconds: transferSeconds },
    { part: 'wait', fromSeconds: 0, seconds: waitSeconds },
    { part: 'run', fromSeconds: begin, seconds: runSeconds },
    { part: 'return', fromSeconds: begin + runSeconds, seconds: returnSeconds },
  ];
  return {
    siteName,
    pieces,
    totalSeconds: begin + runSeconds + returnSeconds,
    finishAt: estimate.finishAt,
    isInTime: estimate.inTime,
  };
}

/** Seconds from the moment of the estimates to the deadline. */
function deadlineFrom(bar: SiteBar, deadlineAt: string | null): number | null {
  if (deadlineAt === null) return null;
  return (Date.parse(deadlineAt) - Date.parse(bar.finishAt)) / 1000 + bar.totalSeconds;
}
