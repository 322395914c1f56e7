/** How often lengths of time fall between edges; one edge more than counts. */
export interface DurationBins {
  edges: number[];
  counts: number[];
}

/** Wider than this (longest over shortest), equal steps would put nearly all into one bin. */
const widestLinear = 15;
const binsAtMost = 36;

/** Bins with round edges over run times in seconds; logarithmic ones when they differ much. */
export function binDurations(seconds: readonly number[]): DurationBins {
  const lowest = seconds.reduce((low, value) => Math.min(low, value), Infinity);
  const highest = seconds.reduce((high, value) => Math.max(high, value), 0);
  if (lowest > highest) return { edges: [], counts: [] };
  const isLog = lowest > 0 && highest / lowest > widestLinear;
  const edges = isLog ? logEdges(lowest, highest) : linearEdges(lowest, highest);
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  for (const value of seconds) {
    const place = Math.min(counts.length - 1, Math.max(0, placeOf(edges, value)));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { edges, counts };
}

/** The last edge that is not above a value. */
function placeOf(edges: number[], value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((edges[middle] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function linearEdges(lowest: number, highest: number): number[] {
  const step = roundStep((highest - lowest) / binsAtMost || lowest / 10 || 1);
  const first = Math.floor(lowest / step);
  const last = Math.floor(highest / step) + 1;
  return Array.from({ length: last - first + 1 }, (_, place) =>
    Number(((first + place) * step).toPrecision(12)),
  );
}

function logEdges(lowest: number, highest: number): number[] {
  const perDecade = Math.max(2, Math.floor(binsAtMost / (Math.log10(highest / lowest) + 1)));
  const first = Math.floor(Math.log10(lowest) * perDecade);
  const last = Math.floor(Math.log10(highest) * perDecade) + 1;
  return Array.from(
    { length: last - first + 1 },
    (_, place) => 10 ** ((first + place) / perDecade),
  );
}

/** The next of 1, 2, 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((each) => each * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}
