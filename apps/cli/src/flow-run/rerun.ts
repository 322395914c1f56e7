import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { readObject } from '../read-document.ts';
import { defined, jsonPairs, pairs, readUrgency } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';
import { selectionOf } from './change.ts';
import type { FlowRunFilterOptions } from './filter.ts';
import { followFlowRun } from './follow.ts';
import { followBatch } from './bulk.ts';

/** What `flow-run rerun` is told. */
export interface RerunOptions extends FlowRunFilterOptions {
  flowRunIds: string[];
  from: string;
  newest?: boolean | undefined;
  /** Fields laid over the input (from the start) or over the document (from a state). */
  set?: string[] | undefined;
  /** The same as a JSON file. */
  setFile?: string | undefined;
  urgency?: string | undefined;
  deadline?: string | undefined;
  newLabel?: string | undefined;
  newTag?: string[] | undefined;
  dryRun?: boolean | undefined;
  follow?: boolean | undefined;
}

/** `flow-run rerun`: one flow run, or many as a bulk start. */
export async function rerunFlowRuns(context: Context, options: RerunOptions): Promise<void> {
  const [only] = options.flowRunIds;
  if (only !== undefined && options.flowRunIds.length === 1) {
    await rerunOne(context, only, options);
    return;
  }
  const { from, newest, dryRun, newLabel, newTag } = options;
  const urgency = readUrgency(options.urgency);
  const body = {
    ...selectionOf(context, options.flowRunIds, options),
    ...{ from, version: newest === true ? 'newest' : 'same', dryRun: dryRun === true },
    ...defined({ urgency, label: newLabel, tags: newTag && pairs(newTag) }),
  } as Schemas['RerunFlowRunsBody'];
  const header = { 'Idempotency-Key': randomUUID() };
  const started = await unwrap(
    context.client.POST('/api/v1/flow-runs/rerun', { params: { header }, body }),
  );
  await followBatch(context, started, options.follow === true);
}

async function rerunOne(context: Context, flowRunId: string, options: RerunOptions): Promise<void> {
  const { from, newest, newLabel: label, newTag, deadline } = options;
  const file = options.setFile === undefined ? {} : readObject(options.setFile);
  const edits = { ...file, ...jsonPairs(options.set) };
  const hasEdits = Object.keys(edits).length > 0;
  const edited = from === 'start' ? { input: edits, mergeInput: true } : { document: edits };
  const body = {
    ...{ from, version: newest === true ? 'newest' : 'same' },
    ...(hasEdits ? edited : {}),
    ...defined({ label, tags: newTag && pairs(newTag), urgency: readUrgency(options.urgency) }),
    ...(deadline === undefined ? {} : { deadlineAt: deadlineAt(deadline, context.nowAt) }),
  } as Schemas['RerunFlowRunBody'];
  const params = { path: { flowRunId }, header: { 'Idempotency-Key': randomUUID() } };
  const run = await unwrap(
    context.client.POST('/api/v1/flow-runs/{flowRunId}/rerun', { params, body }),
  );
  if (options.follow === true) {
    await followFlowRun(context, run.id);
    return;
  }
  const where = run.startState === null ? 'from the start' : `from ${run.startState} on`;
  context.out.document(run, () => `started ${run.id}, which does ${flowRunId} again ${where}`);
}
