/**
 * How much of `chainDepth` it takes that one event starts so many flow runs: more for several, so
 * that flow runs which start each other grow no tree of thousands.
 */
export function chainStep(starts: number): number {
  return starts <= 1 ? 1 : 1 + Math.ceil(3 * Math.log2(starts));
}
