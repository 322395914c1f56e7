import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { problemToError, unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { defined, pairs } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';
import { filterOf, type FlowRunFilterOptions } from './filter.ts';

/** What `flow-run change` is told. */
export interface ChangeOptions {
  label?: string | undefined;
  tag?: string[] | undefined;
  manager?: string[] | undefined;
  monitor?: string[] | undefined;
  /** An instant, or a time from now; `none` for never. */
  deadline?: string | undefined;
}

/** `flow-run change`: what is given replaces what there was. */
export async function changeFlowRun(
  context: Context,
  flowRunId: string,
  { label, tag, manager: managers, monitor: monitors, deadline }: ChangeOptions,
): Promise<void> {
  const tags = tag === undefined ? undefined : pairs(tag);
  const due = deadline === 'none' ? null : (deadlineAt(deadline, context.nowAt) ?? undefined);
  const body = { ...defined({ label, tags, managers, monitors }), ...dueOf(due) };
  if (Object.keys(body).length === 0) {
    const ways = '--label, --tag, --manager, --monitor or --deadline';
    throw new DomainError('invalid', `say what to change: ${ways}`);
  }
  const params = { path: { flowRunId } };
  const run = await unwrap(context.client.PATCH('/api/v1/flow-runs/{flowRunId}', { params, body }));
  context.out.document(run, () => `changed ${run.id}`);
}

function dueOf(at: string | null | undefined): { deadlineAt?: string | null } {
  return at === undefined ? {} : { deadlineAt: at };
}

/** `flow-run resume`. */
export async function resumeFlowRun(context: Context, flowRunId: string): Promise<void> {
  const params = { path: { flowRunId } };
  const run = await unwrap(context.client.POST('/api/v1/flow-runs/{flowRunId}/resume', { params }));
  context.out.document(run, () => `${run.id} is ${run.status}`);
}

/** `flow-run cancel` of one. */
export async function cancelFlowRun(context: Context, flowRunId: string): Promise<void> {
  const params = { path: { flowRunId } };
  const run = await unwrap(context.client.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params }));
  context.out.document(run, () => `${run.id} is ${run.status}`);
}

/** What `flow-run cancel` is told: flow runs, or a filter. */
export interface CancelOptions extends FlowRunFilterOptions {
  flowRunIds: string[];
  dryRun?: boolean | undefined;
}

/** `flow-run cancel` of several, or of those that a filter chooses. */
export async function cancelFlowRuns(context: Context, options: CancelOptions): Promise<void> {
  const body: Schemas['CancelFlowRunsBody'] = {
    ...selectionOf(context, options.flowRunIds, options),
    dryRun: options.dryRun === true,
  };
  const { count, dryRun } = await unwrap(context.client.POST('/api/v1/flow-runs/cancel', { body }));
  const said = dryRun ? 'would be canceled' : 'canceled';
  context.out.document({ count, dryRun }, () => `${count} flow runs ${said}`);
}

/** The flow runs that a command is for. @throws DomainError invalid, when it names none. */
export function selectionOf(
  context: Context,
  ids: string[],
  options: FlowRunFilterOptions,
): Pick<Schemas['CancelFlowRunsBody'], 'flowRunIds' | 'filter'> {
  const filter = filterOf(context, options);
  if (ids.length > 0) return { flowRunIds: ids };
  if (Object.keys(filter).length > 0) return { filter };
  throw new DomainError('invalid', 'name flow runs, or choose them: --flow, --status, --tag, …');
}

/** `flow-run output`: the state document, alone. */
export async function printOutput(context: Context, flowRunId: string): Promise<void> {
  const params = { path: { flowRunId } };
  const found = await unwrap(
    context.client.GET('/api/v1/flow-runs/{flowRunId}/output', { params }),
  );
  context.out.document(found, () => JSON.stringify(found.output, null, 2));
}

/** `flow-run log --to FILE`: the whole log, a JSON object on each line. */
export async function downloadLog(
  context: Context,
  flowRunId: string,
  file: string,
): Promise<void> {
  const params = { path: { flowRunId } };
  const { data, error, response } = await context.client.GET(
    '/api/v1/flow-runs/{flowRunId}/log/file' as never,
    { params, parseAs: 'stream' } as never,
  );
  if (!response.ok || data === undefined) throw problemToError(error, response.status);
  await pipeline(Readable.fromWeb(data as ReadableStream), createWriteStream(file));
  context.out.document({ flowRunId, file }, () => `wrote ${file}`);
}
