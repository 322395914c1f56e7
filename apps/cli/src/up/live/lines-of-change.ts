import { duration } from '../../output/quantities.ts';
import { stepName } from '../../output/step-name.ts';
import type { FacilityView } from './facility-view.ts';
import { actionSteps, answerText, hasFailed, titleOf } from './render-view.ts';

/** What happened between two views, a line each, oldest first; for where nothing can be redrawn. */
export function linesOfChange(before: FacilityView, after: FacilityView): string[] {
  return [...siteLines(before, after), ...stepLines(before, after), ...shotLines(before, after)];
}

function siteLines(before: FacilityView, after: FacilityView): string[] {
  const known = new Map(before.sites.map(({ name, status }) => [name, status]));
  const changed = after.sites.filter(({ name, status }) => known.get(name) !== status);
  return changed.map(({ name, status, statusReason }) => {
    return `site ${name} ${status}${statusReason === null ? '' : `: ${statusReason}`}`;
  });
}

function shotLines(before: FacilityView, after: FacilityView): string[] {
  const known = new Map(before.shots.map((shot) => [shot.number, shot]));
  // Shots that were there before anything was shown are no news.
  const isFirstLook = before.instrument === null;
  return after.shots.toReversed().flatMap((shot) => {
    const old = known.get(shot.number);
    const lines: string[] = [];
    if (old === undefined && isFirstLook) return lines;
    if (old === undefined) lines.push(`shot ${shot.number} taken`);
    const isAnswered = shot.answeredAt !== null && (old?.answeredAt ?? null) === null;
    const isLost = hasFailed(shot) && (old === undefined || !hasFailed(old));
    if (isAnswered || isLost) lines.push(`shot ${shot.number} ${answerText(shot)}`);
    return lines;
  });
}

function stepLines(before: FacilityView, after: FacilityView): string[] {
  const known = new Map(before.runs.map((run) => [run.flowRun.id, run.steps]));
  const isFirstLook = before.instrument === null;
  return after.runs.flatMap(({ flowRun, steps }) => {
    if (isFirstLook && flowRun.endedAt !== null) return [];
    const old = known.get(flowRun.id) ?? [];
    const done = new Set(old.filter((step) => step.endedAt !== null).map((step) => step.sequence));
    return actionSteps(steps).flatMap((step) => {
      if (step.endedAt === null || done.has(step.sequence)) return [];
      const took = duration((Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000);
      const why = step.reason === null ? '' : `: ${step.reason}`;
      return [
        `${titleOf(flowRun)}  ${stepName(step.stateName, steps)} ${step.status} in ${took}${why}`,
      ];
    });
  });
}
