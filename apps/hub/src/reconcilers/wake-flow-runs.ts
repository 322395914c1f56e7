import { dueAtOf } from '@interpulse/domain/flow/due-at.ts';
import {
  dueFlowRuns,
  lockFlowRun,
  nextFlowTimerAt,
  unnoticedSteps,
} from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { noticeStepEnd } from '../flow-runs/apply-flow-event.ts';
import { enact } from '../flow-runs/enact.ts';
import type { Hub } from '../hub.ts';

const runsPerRound = 200;

/** Fires the timers of flow runs that are due. Answers when the next one is. */
export async function fireFlowTimers(hub: Hub): Promise<string | null> {
  for (const id of await dueFlowRuns(hub.db, hub.now(), runsPerRound)) {
    await hub.transaction(async (tx) => {
      const run = await lockFlowRun(tx, id);
      for (const branch of run?.progress.branches ?? []) {
        const { wait, step } = branch;
        const dueAt = dueAtOf(wait);
        if (!run || dueAt === null || dueAt > hub.now()) continue;
        await enact(hub, tx, run, { kind: 'timerFired', step });
        break;
      }
    });
  }
  return nextFlowTimerAt(hub.db);
}

/** Tells flow runs of ends that a hub did not live to tell them. */
export async function noticeForgottenEnds(hub: Hub): Promise<boolean> {
  const forgotten = await unnoticedSteps(hub.db, runsPerRound);
  for (const { flowRunId, sequence, jobId, transferId } of forgotten) {
    await hub.transaction((tx) =>
      noticeStepEnd(hub, tx, { flowRunId, step: sequence, jobId, transferId }),
    );
  }
  return forgotten.length === runsPerRound;
}
