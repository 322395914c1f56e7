import { timingPieces, type InstrumentTiming, type ShotTiming } from './shot-timing.ts';

/** What the last shots have in common: budget, hits, and where their time went. */
export function sumUpTiming(
  instrument: string,
  periodSeconds: number | null,
  shots: readonly ShotTiming[],
): InstrumentTiming {
  const newest = shots.find(({ budgetSeconds }) => budgetSeconds !== null);
  const counts: InstrumentTiming['counts'] = { hit: 0, late: 0, failed: 0, pending: 0, none: 0 };
  for (const { outcome } of shots) counts[outcome] += 1;
  const late = shots.filter(({ outcome }) => outcome === 'late');
  return {
    instrument,
    budgetSeconds: newest?.budgetSeconds ?? periodSeconds,
    counts,
    medianLateSeconds: quantile(
      late.flatMap(({ lateSeconds }) => lateSeconds ?? []),
      0.5,
    ),
    typical: typicalPieces(shots),
    shots: [...shots],
  };
}

function typicalPieces(shots: readonly ShotTiming[]): InstrumentTiming['typical'] {
  const answered = shots.filter(({ outcome }) => outcome === 'hit' || outcome === 'late');
  const all = answered.flatMap(({ pieces }) => pieces ?? []);
  if (all.length === 0) return [];
  const sums = timingPieces.map((piece) => all.reduce((sum, each) => sum + each[piece], 0));
  const whole = sums.reduce((sum, each) => sum + each, 0);
  return timingPieces.map((piece, index) => {
    const seconds = all.map((each) => each[piece]);
    return {
      piece,
      medianSeconds: quantile(seconds, 0.5) ?? 0,
      p90Seconds: quantile(seconds, 0.9) ?? 0,
      share: whole === 0 ? 0 : (sums[index] ?? 0) / whole,
    };
  });
}

/** Between the two values next to it in proportion, as PostgreSQL's percentile_cont. */
function quantile(values: readonly number[], part: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)];
  if (below === undefined) return null;
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
}
