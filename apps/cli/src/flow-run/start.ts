import { randomUUID } from 'node:crypto';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { readObject } from '../read-document.ts';
import { jsonPairs, pairs, readUrgency } from '../read-input.ts';
import { deadlineAt } from '../read-time.ts';
import { followFlowRun } from './follow.ts';

/** What `flow-run start` is told. */
export interface StartFlowRunOptions {
  flow: string;
  /** Fields of `input` within the input document. */
  input?: string[] | undefined;
  /** Fields of the input document itself. */
  set?: string[] | undefined;
  inputFile?: string | undefined;
  label?: string | undefined;
  urgency: string;
  deadline?: string | undefined;
  tag?: string[] | undefined;
  project?: string | undefined;
  manager?: string[] | undefined;
  monitor?: string[] | undefined;
  follow?: boolean | undefined;
}

/**
 * What the hub is asked for: fields of the document, over the file, and of `input` in it.
 * @throws DomainError invalid, for a word that is wrong.
 */
export function startBody(
  options: StartFlowRunOptions,
  nowAt: string,
): Schemas['StartFlowRunBody'] {
  const file = options.inputFile === undefined ? {} : readObject(options.inputFile);
  const document: Record<string, unknown> = { ...file, ...jsonPairs(options.set) };
  const fields = jsonPairs(options.input);
  const inner = document['input'] ?? {};
  return {
    flow: options.flow,
    input:
      Object.keys(fields).length > 0
        ? { ...document, input: { ...inner, ...fields } }
        : { ...document },
    label: options.label ?? '',
    urgency: readUrgency(options.urgency),
    deadlineAt: deadlineAt(options.deadline, nowAt),
    tags: pairs(options.tag),
    managers: options.manager ?? [],
    monitors: options.monitor ?? [],
    ...(options.project === undefined ? {} : { project: options.project }),
  };
}

/** `flow-run start`. */
export async function startFlowRun(context: Context, options: StartFlowRunOptions): Promise<void> {
  const body = startBody(options, context.nowAt);
  const header = { 'Idempotency-Key': randomUUID() };
  const answer = context.client.POST('/api/v1/flow-runs', { params: { header }, body });
  const run = await unwrap(answer);
  if (options.follow !== true) {
    context.out.document(run, () => `started ${run.id}`);
    return;
  }
  // Who stops watching wants to find it again.
  context.out.note(`started ${run.id}`);
  await followFlowRun(context, run.id);
}
