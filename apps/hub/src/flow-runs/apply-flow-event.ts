import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { jobDocuments } from '../actions/job-documents.ts';
import { transferDocuments } from '../actions/transfer.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { enact, enactAll } from './enact.ts';
import { lockKnownRun, lockKnownRuns } from './lock-known-run.ts';

/** Applies events to a flow run in a transaction of the caller; false when they changed nothing. */
export async function applyFlowEvent(
  hub: Hub,
  tx: HubTransaction,
  flowRunId: string,
  ...events: readonly FlowEvent[]
): Promise<boolean> {
  if (events.length === 0) return false;
  const run = await lockKnownRun(hub, tx, flowRunId);
  return run === undefined ? false : enact(hub, tx, run, ...events);
}

/** A job or transfer that a step of a flow run waits for. */
export interface StepWork {
  flowRunId: string;
  step: number;
  jobId?: string | null;
  transferId?: string | null;
}

/** Flow runs that go on together: their documents are in memory at a time. */
const turnsTogether = 100;

/**
 * Tells flow runs that what their steps wait for has ended, in a transaction of the caller. The
 * ends of one flow run are one turn; the turns of many are taken together.
 */
export async function noticeStepEnds(
  hub: Hub,
  tx: HubTransaction,
  ended: readonly StepWork[],
): Promise<void> {
  // In one order everywhere, so that two transactions never wait for each other's flow runs.
  const byRun = [...Map.groupBy(ended, ({ flowRunId }) => flowRunId)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (let first = 0; first < byRun.length; first += turnsTogether) {
    const works = new Map(byRun.slice(first, first + turnsTogether));
    const [runs, events] = await Promise.all([
      lockKnownRuns(hub, tx, [...works.keys()]),
      endsOf(tx, [...works.values()].flat()),
    ]);
    const turns = runs.map((run) => {
      return { run, events: (works.get(run.id) ?? []).flatMap((work) => events.get(work) ?? []) };
    });
    await enactAll(
      hub,
      tx,
      turns.filter((turn) => turn.events.length > 0),
    );
  }
}

/** What flow runs are told of each work that has ended. */
async function endsOf(
  tx: HubTransaction,
  works: readonly StepWork[],
): Promise<Map<StepWork, FlowEvent>> {
  const [jobs, transfers] = await Promise.all([
    jobDocuments(
      tx,
      works.flatMap(({ jobId }) => jobId ?? []),
    ),
    transferDocuments(
      tx,
      works.flatMap(({ transferId }) => transferId ?? []),
    ),
  ]);
  const events = new Map<StepWork, FlowEvent>();
  for (const work of works) {
    const { step, jobId, transferId } = work;
    const statusDocument = jobId ? jobs.get(jobId) : transfers.get(transferId ?? '');
    if (statusDocument) events.set(work, { kind: 'actionEnded', step, statusDocument });
  }
  return events;
}
