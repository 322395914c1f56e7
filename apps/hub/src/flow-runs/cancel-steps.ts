import { giveUpActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import { stepRefs, type StepRefs } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import { openJobsOfEnsembles } from '@interpulse/store/jobs/step-ensembles.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { cancelAndTell } from '../services/cancel-and-tell.ts';
import { cancelTransferNow } from '../services/cancel-transfer.ts';
import { settleEndedJobs } from '../services/settle-ended-jobs.ts';

/** A step, and what it started when that is not written yet. */
export interface StepToCancel {
  step: number;
  started: Omit<StepRefs, 'step'> | undefined;
}

const reason = 'its flow run needs it no more';

/** Cancels what steps of a flow run started. */
export async function cancelSteps(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  steps: readonly StepToCancel[],
  at: string,
): Promise<void> {
  const written = steps.filter(({ started }) => started === undefined).map(({ step }) => step);
  const known = steps.flatMap(({ step, started }) => (started ? [{ step, ...started }] : []));
  const refs = [...known, ...(await stepRefs(tx, flowRunId, written))];
  const ensembleIds = refs.flatMap(({ ensembleId }) => ensembleId ?? []);
  const several = await openJobsOfEnsembles(tx, ensembleIds);
  const jobIds = [...refs.flatMap(({ jobId }) => jobId ?? []), ...several].toSorted();
  // The flow run has given the steps up: it need not be told.
  const canceled = await cancelAndTell(hub, tx, jobIds, { actor: null, reason });
  await settleEndedJobs(
    hub,
    tx,
    canceled.map((job) => ({ ...job, state: 'canceled' })),
  );
  for (const { step, jobId, ensembleId, transferId } of refs) {
    if (transferId !== null) await cancelTransferNow(hub, tx, transferId, at, null, reason);
    else if (
      jobId === null &&
      ensembleId === null &&
      (await giveUpActionRun(tx, flowRunId, step, at))
    ) {
      tx.notify([topics.actions]);
    }
  }
}
