import type { FlowCore } from '@interpulse/domain/flow/flow-view.ts';
import type { FlowRunId } from '@interpulse/domain/id.ts';
import type { Urgency } from '@interpulse/domain/job/urgency.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Executor } from '../executor.ts';
import { urgencyOf } from '../jobs/job-row.ts';
import { statement } from '../statement.ts';

/** A flow run as advancing it needs it. */
export interface LockedFlowRun {
  id: FlowRunId;
  flowName: string;
  flowVersion: number;
  label: string;
  project: string;
  ownerId: string;
  urgency: Urgency;
  deadlineAt: string | null;
  instrument: string | null;
  shotNumber: number | null;
  datasetId: string | null;
  core: FlowCore;
  /** The state document. */
  data: JsonObject;
  /** The revision that wrote the document. */
  dataRevision: number;
  revision: number;
}

/** A locked flow run without its document, which as a rule is known: see {@link withDocuments}. */
export type FoundFlowRun = Omit<LockedFlowRun, 'data'>;

/** The document of a flow run that the reader knows, and the revision that wrote it. */
export interface KnownDocument {
  revision: number;
  data: JsonObject;
}

/** Work whose end flow runs may wait for. */
export type WorkOfFlowRuns =
  | { jobIds: readonly string[] }
  | { pilotIds: readonly string[] }
  | { siteId: string }
  | { transferIds: readonly string[] };

type FoundRow = Omit<FoundFlowRun, 'urgency'> & { urgency: number };

const lock = <Parameter>(name: string, which: string) =>
  statement<FoundRow, [Parameter]>(
    `lock_flow_runs${name}`,
    `select id, flow_name as "flowName", flow_version as "flowVersion", label, project,
       owner_id as "ownerId", urgency, deadline_at as "deadlineAt", instrument,
       shot_number as "shotNumber", dataset_id as "datasetId", run as core, revision,
       data_revision as "dataRevision"
     from flow_runs where id ${which} order by id for update`,
  );

const lockOfJobs = <Parameter>(name: string, which: string) =>
  lock<Parameter>(
    `_of_${name}`,
    `in (select flow_run_id from jobs where ${which} and flow_run_id is not null)`,
  );

const these = lock<readonly string[]>('', '= any($1)');
const ofJobs = lockOfJobs<readonly string[]>('jobs', 'id = any($1::text[])');
const ofPilots = lockOfJobs<readonly string[]>(
  'pilots',
  'pilot_id = any($1::text[]) and ended_at is null',
);
const ofSite = lockOfJobs<string>('site', 'site_id = $1 and ended_at is null');
const ofTransfers = lock<readonly string[]>(
  '_of_transfers',
  `in (select coalesce(t.flow_run_id, j.flow_run_id) from transfers t
     left join jobs j on j.id = t.job_id where t.id = any($1))`,
);

/**
 * Locks the flow runs that may wait for work, before that work's own rows are touched: a flow run
 * that is canceled, or fails, holds its row and ends its jobs. In this order everywhere (flow runs
 * by id, then jobs by id, then transfers), nobody waits for each other.
 */
export async function lockFlowRunsOf(tx: Executor, work: WorkOfFlowRuns): Promise<FoundFlowRun[]> {
  if ('siteId' in work) return (await tx.run(ofSite, work.siteId)).map(foundOf);
  if ('transferIds' in work) return (await tx.run(ofTransfers, work.transferIds)).map(foundOf);
  if ('pilotIds' in work) return (await tx.run(ofPilots, work.pilotIds)).map(foundOf);
  return work.jobIds.length === 0 ? [] : (await tx.run(ofJobs, work.jobIds)).map(foundOf);
}

/**
 * Reads flow runs and locks them until the transaction ends, in the order of their ids: one event
 * at a time.
 */
export async function lockFlowRuns(tx: Executor, ids: readonly string[]): Promise<FoundFlowRun[]> {
  return ids.length === 0 ? [] : (await tx.run(these, [...new Set(ids)])).map(foundOf);
}

function foundOf(row: FoundRow): FoundFlowRun {
  return { ...row, urgency: urgencyOf(row.urgency) };
}

const selectDocuments = statement<{ id: string; data: JsonObject }, [readonly string[]]>(
  'flow_documents',
  `select id, data from flow_runs where id = any($1)`,
);

/**
 * Completes locked flow runs by their documents. One that is known is not read: to unpack it, and
 * to make it a text and a value again, costs more than all else of a step, be it small.
 */
export async function withDocuments(
  tx: Executor,
  found: readonly FoundFlowRun[],
  known: (id: string) => KnownDocument | undefined = () => undefined,
): Promise<LockedFlowRun[]> {
  const documents = new Map<string, JsonObject>();
  for (const { id, dataRevision } of found) {
    const document = known(id);
    if (document?.revision === dataRevision) documents.set(id, document.data);
  }
  const unknown = found.flatMap(({ id }) => (documents.has(id) ? [] : [id]));
  if (unknown.length > 0) {
    for (const { id, data } of await tx.run(selectDocuments, unknown)) documents.set(id, data);
  }
  return found.map((run) => ({ ...run, data: documents.get(run.id) ?? {} }));
}

/** Locks one flow run, see {@link lockFlowRuns}. */
export async function lockFlowRun(tx: Executor, id: string): Promise<LockedFlowRun | undefined> {
  return (await withDocuments(tx, await lockFlowRuns(tx, [id])))[0];
}
