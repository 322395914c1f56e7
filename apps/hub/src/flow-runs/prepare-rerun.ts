import { DomainError } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { rebuildDocument } from '@interpulse/domain/flow/rebuild-document.ts';
import { formatTrail } from '@interpulse/domain/flow/json-path.ts';
import type { FlowLogEntry } from '@interpulse/domain/flow-run/flow-run.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { keepHidden, mergeJson } from '@interpulse/domain/merge-json.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import {
  readFlowDocuments,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { listStepNames } from '@interpulse/store/flow-runs/read-flow-steps.ts';
import { readRerunSource } from '@interpulse/store/flow-runs/read-rerun-source.ts';
import { findFlow, findFlowVersion, type OwnedFlow } from '@interpulse/store/flows/flows.ts';
import { countsAsStep } from './counts-as-step.ts';
import type { Rerun } from './start-flow-run.ts';

/** How a flow run is done again. */
export interface RerunWish {
  /** `start`, `failed`, or the name of a state of the flow itself. */
  from: string;
  version: 'same' | 'newest';
  input?: JsonObject | undefined;
  mergeInput?: boolean | undefined;
  document?: JsonObject | undefined;
}

/** What a flow run that does another one again is started with. */
export interface PreparedRerun {
  flow: OwnedFlow;
  input: JsonObject;
  rerun: Rerun;
}

/**
 * Prepares to do a flow run again: from its start, or from a state on with the document as it was
 * when that state was entered.
 * @throws DomainError with what stands in the way.
 */
export async function prepareRerun(
  db: Executor,
  run: OwnedFlowRun,
  wish: RerunWish,
): Promise<PreparedRerun> {
  const flow = await versionOf(db, run, wish.version);
  const source = await readRerunSource(db, run.id);
  const input = editedInput(source.input, wish);
  if (wish.from === 'start') {
    return { flow, input, rerun: { of: run.id, from: null, privatePaths: [] } };
  }
  if (wish.from === 'failed' && run.endedAt === null) {
    const message = `flow run ${run.id} has not ended; cancel it, or name a state to begin at`;
    throw new DomainError('conflict', message);
  }
  const { log } = source;
  const state = wish.from === 'failed' ? stateThatFailed(run.id, log) : wish.from;
  const found = parseDefinition(flow.definition);
  if ('faults' in found || !Object.hasOwn(found.definition.States, state)) {
    const which = `version ${flow.version} of flow ${flow.name}`;
    const message = `${which} has no state "${state}" of its own`;
    throw new DomainError('invalid', `${message}; begin at the start, or at another state`);
  }
  const { data, privatePaths } = await readFlowDocuments(db, run.id);
  const rebuilt = rebuildDocument({ start: source.start, log, last: data, state, visit: null });
  if (rebuilt === undefined) {
    const message = `flow run ${run.id} never came to state "${state}"`;
    throw new DomainError('invalid', `${message}; begin at a state that it entered`);
  }
  const document = mergeJson(rebuilt.document, wish.document ?? {});
  const missing = rebuilt.missing.filter((trail) => !isGiven(wish.document, trail));
  if (missing.length > 0) {
    const places = missing.slice(0, 5).map(formatTrail).join(', ');
    const message = `what was at ${places} when "${state}" was entered is no longer stored`;
    throw new DomainError('conflict', `${message}; give it with "document", or begin earlier`);
  }
  const steps = await listStepNames(db, run.id);
  const step = steps.findLast(({ stateName }) => stateName === state)?.sequence ?? 0;
  const done = steps.filter(({ sequence, status, stateName }) => {
    const isBefore = sequence < step && status === 'succeeded';
    return isBefore && countsAsStep(found.definition, stateName);
  });
  return {
    flow,
    input,
    rerun: {
      of: run.id,
      from: { step, state, document, stepsDone: done.length },
      privatePaths: [...privatePaths, ...rebuilt.privatePaths],
    },
  };
}

async function versionOf(
  db: Executor,
  run: OwnedFlowRun,
  version: RerunWish['version'],
): Promise<OwnedFlow> {
  const flow =
    version === 'newest'
      ? await findFlow(db, run.flowName)
      : await findFlowVersion(db, run.flowName, run.flowVersion);
  if (flow) return flow;
  throw new DomainError('notFound', `flow ${run.flowName} of flow run ${run.id} is gone`);
}

function editedInput(before: JsonObject, { input, mergeInput }: RerunWish): JsonObject {
  if (input === undefined) return before;
  if (mergeInput === true) return mergeJson(before, input);
  const kept = keepHidden(input, before);
  return isJsonObject(kept) ? kept : input;
}

type Line = Pick<FlowLogEntry, 'code' | 'details'>;

/** The state of the flow itself that a line speaks of; null for others. */
function stateIn({ details }: Line): { name: string; type: string } | null {
  if (!isJsonObject(details) || details['path'] !== undefined) return null;
  const { state_name: name, state_type: type } = details;
  return typeof name === 'string' && typeof type === 'string' ? { name, type } : null;
}

/** The last state that failed or was canceled; a Fail state only tells of another one. */
function stateThatFailed(id: string, log: readonly Line[]): string {
  const states = log.flatMap((line) => {
    const state = stateIn(line);
    return state === null || state.type === 'Fail' ? [] : [{ ...line, ...state }];
  });
  const failed = states.findLast(({ code }) => /(Failed|Canceled)$/.test(code));
  const isFailedRun = log.some(({ code }) => code === 'FlowFailed' || code === 'FlowCanceled');
  const found = failed ?? (isFailedRun ? states.at(-1) : undefined);
  if (found) return found.name;
  const message = `flow run ${id} failed in no state; do it again from "start" or from a state`;
  throw new DomainError('conflict', message);
}

function isGiven(document: JsonObject | undefined, trail: readonly (string | number)[]): boolean {
  let value: unknown = document;
  for (const step of trail) {
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return false;
    value = value[step];
  }
  return value !== undefined;
}
