import { unnoticedSteps } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { noticeStepEnds } from '../flow-runs/apply-flow-event.ts';
import type { Hub } from '../hub.ts';

const stepsPerRound = 200;

/** Tells flow runs of ends that a hub did not live to tell them. */
export async function noticeForgottenEnds(hub: Hub): Promise<boolean> {
  const forgotten = await unnoticedSteps(hub.db, stepsPerRound);
  const failed: unknown[] = [];
  for (const steps of Map.groupBy(forgotten, (step) => step.flowRunId).values()) {
    const ended = steps.map(({ sequence: step, ...work }) => ({ ...work, step }));
    const noticed = hub.transaction((tx) => noticeStepEnds(hub, tx, ended));
    // One that cannot go on holds up no other.
    await noticed.catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed.at(-1);
  return forgotten.length === stepsPerRound;
}
