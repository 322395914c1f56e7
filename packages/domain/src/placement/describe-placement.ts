import type { PlacementStrategy } from '../job/job.ts';
import type { OpenSite } from './choose-site.ts';
import { placementWords } from './placement-words.ts';
import type { Refusal } from './refuse-site.ts';
import type { Estimate } from './snapshot.ts';

const { chosen: words } = placementWords;

/** A site as it was looked at for one job. */
export interface SiteLooked {
  siteName: string;
  estimate: Estimate | null;
  refusal: Refusal | null;
}

/** Says where a job goes and why there, or why it goes nowhere and which site comes nearest. */
export function describePlacement(
  strategy: PlacementStrategy,
  looked: readonly SiteLooked[],
  chosen: OpenSite | null,
): string {
  if (chosen === null) return describeRefusals(looked);
  const { name, jobs, estimate } = chosen;
  const late = estimate.inTime ? '' : describeLateness(looked);
  switch (strategy) {
    case 'earliestFinish':
      if (!estimate.inTime) {
        const where = `least in the way at ${name} (${describeParts(estimate)})`;
        return `${words.late}; ${where}`;
      }
      if (
        looked.some((other) => (other.estimate?.finishAt ?? estimate.finishAt) < estimate.finishAt)
      ) {
        return `${words.spare} at ${name} (${describeParts(estimate)})`;
      }
      return `${words.earliest} at ${name} (${describeParts(estimate)})`;
    case 'shortestBacklog':
      return `${words.backlog} at ${name} (${jobs} jobs before it)${late}`;
    case 'roundRobin':
      return `${words.turn}, the turn of ${name}${late}`;
  }
}

function describeLateness(looked: readonly SiteLooked[]): string {
  const isAnyInTime = looked.some(({ estimate }) => estimate?.inTime === true);
  return isAnyInTime ? '; it will miss its deadline there' : `; ${words.late}`;
}

function describeParts(estimate: Estimate): string {
  const { transferSeconds, waitSeconds, runSeconds, returnSeconds } = estimate;
  const back = returnSeconds > 0 ? `, return ${returnSeconds.toFixed(1)} s` : '';
  return (
    `transfer ${transferSeconds.toFixed(1)} s, wait ${waitSeconds.toFixed(1)} s, ` +
    `run ${runSeconds.toFixed(1)} s${back}`
  );
}

function describeRefusals(looked: readonly SiteLooked[]): string {
  if (looked.length === 0) return 'no site has enrolled yet';
  const why = looked.map(({ siteName, refusal }) => `${siteName}: ${refusal?.text ?? 'no answer'}`);
  const short = looked.flatMap(({ siteName, refusal }) =>
    refusal?.shortage == null ? [] : [{ siteName, shortage: refusal.shortage }],
  );
  const [nearest] = short.toSorted((a, b) => a.shortage.size - b.shortage.size);
  if (nearest === undefined) return `no site can take it (${why.join('; ')})`;
  const { siteName, shortage } = nearest;
  const least = `${siteName} ${placementWords.nearest}: it ${shortage.text}`;
  return `no site can take it, ${least} (${why.join('; ')})`;
}
