import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { progressBar } from '../../output/progress-bar.ts';
import { duration } from '../../output/quantities.ts';
import { cut } from '../../output/render-table.ts';
import { stepName } from '../../output/step-name.ts';
import type { FacilityView } from './facility-view.ts';

const barWidth = 20;
const shownAnswers = 5;

/** The lines of the live view at an instant, none wider than `width`. */
export function renderView(view: FacilityView, nowMilliseconds: number, width: number): string[] {
  const lines = [
    `Interpulse  ${view.portalUrl}  (Ctrl-C ends everything)`,
    '',
    ...clockLines(view, nowMilliseconds),
    sitesLine(view.sites),
    '',
    ...runLines(view, nowMilliseconds),
    '',
    ...answerLines(view),
  ];
  return lines.map((line) => cut(line, width));
}

function clockLines(view: FacilityView, now: number): string[] {
  const { instrument } = view;
  if (!view.isConnected) return ['the hub does not answer; waiting for it ...'];
  if (instrument === null) return ['waiting for the instrument ...'];
  const { name, lastShotNumber, lastShotAt, nextShotAt, periodSeconds } = instrument;
  if (lastShotNumber === null || lastShotAt === null) return [`${name}  before its first shot`];
  const age = duration((now - Date.parse(lastShotAt)) / 1000);
  const shot = `${name}  shot ${lastShotNumber} taken ${age} ago`;
  if (nextShotAt === null || periodSeconds === null) return [shot];
  const left = Math.max(0, (Date.parse(nextShotAt) - now) / 1000);
  const bar = progressBar(1 - left / periodSeconds, barWidth);
  return [`${shot}  ${bar}  next in ${left.toFixed(0)} s`];
}

function sitesLine(sites: readonly Schemas['Site'][]): string {
  return sites
    .map(({ name, status, roles, counts }) =>
      roles.includes('compute') && status === 'up'
        ? `${name} ${counts.coresBusy}/${counts.coresTotal} cores`
        : `${name} ${status}`,
    )
    .join('   ');
}

function runLines(view: FacilityView, now: number): string[] {
  if (view.runs.length === 0) return ['no flow run yet'];
  return view.runs.flatMap(({ flowRun, steps }) => {
    const shown = actionSteps(steps).map((step) => stepText(step, steps, now));
    const isOpen = flowRun.endedAt === null;
    const due =
      isOpen && flowRun.deadlineAt !== null ? `  ${dueText(flowRun.deadlineAt, now)}` : '';
    const why = whyLine(flowRun);
    const line = `${titleOf(flowRun)}  ${shown.join('  ') || 'starting'}${due}`;
    return why === '' ? [line] : [line, why];
  });
}

/** What people call a flow run: its shot, else its label. */
export function titleOf({ shotNumber, label }: Schemas['FlowRun']): string {
  return shotNumber === null ? label : `shot ${shotNumber}`;
}

/** Why it failed; empty when there is nothing to say. */
function whyLine({ status, reason }: Schemas['FlowRun']): string {
  return reason === null || status !== 'FAILED' ? '' : `  ${reason}`;
}

function dueText(deadlineAt: string, now: number): string {
  const left = (Date.parse(deadlineAt) - now) / 1000;
  return left >= 0 ? `due in ${left.toFixed(0)} s` : `late by ${(-left).toFixed(0)} s`;
}

/** The steps that do something: a job, a transfer, a publication. */
export function actionSteps(steps: readonly Schemas['FlowStep'][]): Schemas['FlowStep'][] {
  return steps.filter(({ stateType }) => stateType === 'Action');
}

type Step = Schemas['FlowStep'];

function stepText(step: Step, steps: readonly Step[], now: number): string {
  const end = step.endedAt === null ? now : Date.parse(step.endedAt);
  const took = duration((end - Date.parse(step.startedAt)) / 1000);
  const mark = { active: '…', succeeded: '✓', failed: '✗', canceled: '–' }[step.status];
  return `${stepName(step.stateName, steps)} ${took} ${mark}`;
}

function answerLines(view: FacilityView): string[] {
  const ended = view.shots.filter((shot) => shot.answeredAt !== null || hasFailed(shot));
  const lines = ended.slice(0, shownAnswers).map((shot) => {
    const result =
      shot.resultDatasetId === null ? undefined : view.figures.get(shot.resultDatasetId);
    const figure = result?.[0] === undefined ? '' : `  ${result[0][0]} ${result[0][1]}`;
    return `  shot ${shot.number}  ${answerText(shot)}${figure}`;
  });
  return ['last answers', ...(lines.length > 0 ? lines : ['  none yet'])];
}

/** How soon a shot was answered, or that it was not. */
export function answerText(shot: Schemas['Shot']): string {
  if (shot.answeredAt === null) return hasFailed(shot) ? '✗ no answer: its flow run failed' : '…';
  const mark = shot.inTime === null ? '' : shot.inTime ? '  ✓ in time' : '  ✗ late';
  return `answered after ${duration(shot.answerSeconds)}${mark}`;
}

/** Whether a shot will get no answer any more. */
export function hasFailed(shot: Schemas['Shot']): boolean {
  return shot.flowStatus === 'FAILED' || (shot.flowStatus === 'ENDED' && shot.answeredAt === null);
}
