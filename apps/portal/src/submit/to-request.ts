import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { parseBytes, parseSpan } from '../format/parse-span.ts';
import { resourceNames, type JobDraft, type ResourceName } from './job-draft.ts';
import { readEnvironment, readOutputs } from './run-lines.ts';
import { inputsSchema } from './inputs-schema.ts';
import { splitWords } from './split-words.ts';

type App = Schemas['RegisteredApp'];
type Request = Schemas['JobRequest'];

/** A request, and what is wrong with the form by field; it is sent when nothing is. */
export interface DraftReading {
  request: Request;
  faults: Record<string, string>;
  /** Of what the app is given, as its schemas say. */
  parameterFaults: Fault[];
  inputFaults: Fault[];
}

/** The request that a form stands for, at an instant in milliseconds (deadlines count from it). */
export function toRequest(
  draft: JobDraft,
  app: App | undefined,
  nowMilliseconds: number,
): DraftReading {
  const faults: Record<string, string> = {};
  const request: Request = {
    ...readWhat(draft, faults),
    ...(draft.label === '' ? {} : { label: draft.label }),
    ...readWhere(draft),
    ...(draft.urgency === 'normal' ? {} : { urgency: draft.urgency }),
    ...readDeadline(draft, nowMilliseconds, faults),
    ...(draft.project === '' ? {} : { project: draft.project }),
    ...readTags(draft, faults),
    ...readResources(draft, faults),
    ...readOrder(draft, faults),
    ...readRun(draft, faults),
  };
  const isApp = draft.kind === 'app' && app !== undefined;
  return {
    request,
    faults,
    parameterFaults: isApp ? validateInput(app.parameters as JsonObject, draft.parameters) : [],
    inputFaults: isApp ? validateInput(inputsSchema(app.inputs), draft.inputs) : [],
  };
}

type Faults = Record<string, string>;

function readWhat(draft: JobDraft, faults: Faults): Request {
  if (draft.kind === 'command') {
    const words = splitWords(draft.command);
    if (words === null) faults['command'] = 'a quote is not closed';
    else if (words.length === 0) faults['command'] = 'is needed';
    return { command: words ?? [] };
  }
  if (draft.app === '') faults['app'] = 'is needed';
  const isGiven = (values: object) => Object.keys(values).length > 0;
  const { app, inputs } = draft;
  const parameters = draft.parameters as NonNullable<Request['parameters']>;
  return {
    app,
    ...(isGiven(parameters) ? { parameters } : {}),
    ...(isGiven(inputs) ? { inputs } : {}),
  };
}

function readWhere(draft: JobDraft): Pick<Request, 'site' | 'placement' | 'allocation'> {
  const wish = draft.site.trim();
  const label = /^label:\s*(.+)$/.exec(wish)?.[1];
  const names = wish.split(/[,\s]+/).filter((name) => name !== '');
  const [only] = names;
  const site =
    label === undefined ? (names.length > 1 ? names : (only ?? 'any')) : { label: label.trim() };
  return {
    ...(site === 'any' ? {} : { site }),
    ...(draft.placement === '' ? {} : { placement: draft.placement }),
    ...(draft.allocation === '' ? {} : { allocation: draft.allocation }),
  };
}

function readDeadline(draft: JobDraft, now: number, faults: Faults): Pick<Request, 'deadlineAt'> {
  if (draft.deadline.trim() === '') return {};
  const seconds = parseSpan(draft.deadline);
  if (seconds === null) {
    faults['deadline'] = 'write it as 10 min or 2 h';
    return {};
  }
  return { deadlineAt: new Date(now + seconds * 1000).toISOString() };
}

function readTags(draft: JobDraft, faults: Faults): Pick<Request, 'tags'> {
  const pairs = draft.tags
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  if (pairs.length === 0) return {};
  if (pairs.some((pair) => !/^[A-Za-z0-9][A-Za-z0-9._-]*:./.test(pair))) {
    faults['tags'] = 'write them as name:value, name:value';
  }
  const entries = pairs.map((pair) => {
    const colon = pair.indexOf(':');
    return [pair.slice(0, colon), pair.slice(colon + 1).trim()] as const;
  });
  return { tags: Object.fromEntries(entries) };
}

function readResource(name: ResourceName, text: string): number | null {
  if (name === 'memoryBytes') return parseBytes(text);
  if (name === 'walltimeSeconds') return parseSpan(text);
  const value = Number(text);
  const mayBePart = name === 'gpus';
  return Number.isFinite(value) && value >= 0 && (mayBePart || Number.isInteger(value))
    ? value
    : null;
}

function readResources(draft: JobDraft, faults: Faults): Pick<Request, 'resources'> {
  const resources: NonNullable<Request['resources']> = {};
  for (const name of resourceNames) {
    const text = draft.resources[name].trim();
    if (text === '') continue;
    const value = readResource(name, text);
    if (value === null) faults[`resources.${name}`] = 'cannot be read';
    else resources[name] = value;
  }
  return Object.keys(resources).length === 0 ? {} : { resources };
}

function readOrder(
  draft: JobDraft,
  faults: Faults,
): Pick<Request, 'parents' | 'onParentFailure' | 'returnTo' | 'priority'> {
  const parents = draft.parents.split(/[,\s]+/).filter((id) => id !== '');
  if (parents.some((id) => !id.startsWith('job_'))) faults['parents'] = 'ids of jobs are needed';
  const priority = draft.priority.trim() === '' ? 0 : Number(draft.priority);
  if (!Number.isInteger(priority)) faults['priority'] = 'must be a whole number';
  return {
    ...(parents.length === 0 ? {} : { parents, onParentFailure: draft.onParentFailure }),
    ...(draft.returnTo.trim() === '' ? {} : { returnTo: draft.returnTo.trim() }),
    ...(priority === 0 ? {} : { priority }),
  };
}

type RunKeys = 'environment' | 'outputs' | 'onError' | 'onTimeout' | 'restartable' | 'mayUseHub';

function readRun(draft: JobDraft, faults: Faults): Pick<Request, RunKeys> {
  const environment = readEnvironment(draft.environment);
  if (environment === null) faults['environment'] = 'write one NAME=value a line';
  const outputs = readOutputs(draft.outputs);
  if (outputs === null) faults['outputs'] = 'write one name: path a line';
  return {
    ...(Object.keys(environment ?? {}).length === 0 ? {} : { environment: environment ?? {} }),
    ...((outputs ?? []).length === 0 ? {} : { outputs: outputs ?? [] }),
    ...readRetries(draft, faults),
    ...(draft.restartable === '' ? {} : { restartable: draft.restartable === 'yes' }),
    ...(draft.mayUseHub === '' ? {} : { mayUseHub: draft.mayUseHub === 'yes' }),
  };
}

const mostRetries = 20;

function readRetries(draft: JobDraft, faults: Faults): Pick<Request, 'onError' | 'onTimeout'> {
  const rules: Pick<Request, 'onError' | 'onTimeout'> = {};
  for (const name of ['onError', 'onTimeout'] as const) {
    const text = draft.retries[name].trim();
    if (text === '') continue;
    const retries = Number(text);
    if (!Number.isInteger(retries) || retries < 0 || retries > mostRetries) {
      faults[`retries.${name}`] = `a whole number up to ${mostRetries}`;
    }
    rules[name] = { ...draft.rules[name], retries };
  }
  return rules;
}
