import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { inspectTrigger } from '@interpulse/domain/trigger/inspect-trigger.ts';
import { triggerRequestSchema } from '@interpulse/domain/trigger/trigger.ts';
import type {
  MetadataCondition,
  TriggerSource,
} from '@interpulse/domain/trigger/trigger-source.ts';
import { formatSpan } from '../format/duration.ts';
import { parseSpan } from '../format/parse-span.ts';
import { readTags } from '../format/read-tags.ts';

/** How a value is tested, as typed. */
export interface TestDraft {
  test: 'any' | 'equals' | 'oneOf' | 'range' | 'contains';
  value: string;
  least: string;
  most: string;
}

/** A condition on metadata, as typed. */
export type ConditionDraft = TestDraft & { path: string };

/** A trigger as typed; what another kind of source needs is kept while one chooses. */
export interface TriggerDraft extends TestDraft {
  name: string;
  project: string;
  kind: TriggerSource['kind'];
  instrument: string;
  pattern: string;
  isGrowing: boolean;
  on: 'start' | 'end' | 'firstFile' | 'allFiles';
  /** How many files a run has, or the name of the parameter that says so. */
  runFiles: string;
  parameter: string;
  changes: boolean;
  datasetKind: '' | 'raw' | 'result';
  keywords: string;
  where: ConditionDraft[];
  cron: string;
  timeZone: string;
  catchUp: 'none' | 'last' | 'all';
  signs: 'delivery' | 'body' | 'standard';
  afterFlow: string;
  endings: string[];
  /** Whose datasets or flow runs; the trigger's own project's when empty. */
  ofProject: string;
  flowName: string;
  input: JsonObject;
  label: string;
  when: string;
  dedupKey: string;
  hasRate: boolean;
  rateMost: string;
  ratePer: string;
  beyond: 'drop' | 'queue' | 'latest';
  due: 'nextShot' | 'none' | 'seconds' | 'expression';
  dueSpan: string;
  dueAt: string;
  urgency: 'urgent' | 'normal' | 'backfill';
  tags: string;
  notify: Schemas['Trigger']['notify'];
  runAs: string;
  enabled: boolean;
}

/** A test of nothing. */
export const anyTest: TestDraft = { test: 'any', value: '', least: '', most: '' };

/** A draft in which nothing is said yet. */
export function emptyDraft(timeZone: string): TriggerDraft {
  const draft = {
    ...anyTest,
    ...{ name: '', project: '', kind: 'file', instrument: '', pattern: '/**', on: 'end' },
    runFiles: '',
    isGrowing: false,
    ...{ parameter: '', changes: false, datasetKind: '', keywords: '', where: [] },
    ...{ cron: '30 2 * * 1-5', timeZone, catchUp: 'last', signs: 'delivery', afterFlow: '' },
    ...{
      endings: ['SUCCEEDED'],
      ofProject: '',
      flowName: '',
      input: {},
      label: '',
      when: '',
      dedupKey: '',
    },
    ...{ hasRate: false, rateMost: '1', ratePer: '1 min', beyond: 'drop', due: 'nextShot' },
    ...{ dueSpan: '1 min', dueAt: '', urgency: 'urgent', tags: '', runAs: '', enabled: true },
    notify: [],
  };
  return draft as TriggerDraft;
}

/** The draft that a saved trigger makes. */
export function draftOf(trigger: Schemas['Trigger'], timeZone: string): TriggerDraft {
  const { deadline, rateLimit } = trigger;
  return {
    ...emptyDraft(timeZone),
    ...draftOfSource(trigger.source as TriggerSource),
    name: trigger.name,
    project: trigger.project,
    flowName: trigger.flowName,
    input: trigger.input as JsonObject,
    label: trigger.label ?? '',
    when: trigger.when ?? '',
    dedupKey: trigger.dedupKey ?? '',
    hasRate: rateLimit !== null,
    ...(rateLimit === null
      ? {}
      : {
          rateMost: String(rateLimit.most),
          ratePer: formatSpan(rateLimit.perSeconds),
          beyond: rateLimit.beyond,
        }),
    ...(typeof deadline === 'string' ? { due: deadline } : {}),
    ...(typeof deadline === 'number' ? { due: 'seconds', dueSpan: formatSpan(deadline) } : {}),
    ...(typeof deadline === 'object' ? { due: 'expression', dueAt: deadline['at.='] } : {}),
    urgency: trigger.urgency,
    tags: Object.entries(trigger.tags)
      .map(([name, value]) => `${name}:${value}`)
      .join(', '),
    notify: trigger.notify,
    runAs: trigger.runAs,
    enabled: trigger.enabled,
  };
}

function draftOfSource(source: TriggerSource): Partial<TriggerDraft> {
  const { kind } = source;
  switch (source.kind) {
    case 'file': {
      const { instrument, pattern, stage } = source;
      return { kind, instrument, pattern, isGrowing: stage === 'growing' };
    }
    case 'run': {
      const { instrument, on, files } = source;
      return { kind, instrument, on, runFiles: files === undefined ? '' : String(files) };
    }
    case 'schedule':
    case 'webhook':
      return { ...source, kind };
    case 'parameter': {
      const { instrument, name, changes } = source;
      return { kind, instrument, parameter: name, changes, ...draftOfTest(source) };
    }
    case 'dataset':
      return {
        kind,
        instrument: source.instrument ?? '',
        datasetKind: source.datasetKind ?? '',
        ofProject: source.project ?? '',
        keywords: source.keywords.join(', '),
        where: source.where.map((each) => ({ path: each.path, ...draftOfTest(each) })),
      };
    case 'flow':
      return {
        kind,
        afterFlow: source.flowName,
        endings: source.on,
        ofProject: source.project ?? '',
      };
  }
}

function draftOfTest(tests: Omit<MetadataCondition, 'path'>): TestDraft {
  const { equals, oneOf, range, contains } = tests;
  if (equals !== undefined) return { ...anyTest, test: 'equals', value: valueText(equals) };
  if (oneOf !== undefined) {
    return { ...anyTest, test: 'oneOf', value: oneOf.map(valueText).join(', ') };
  }
  if (contains !== undefined) return { ...anyTest, test: 'contains', value: valueText(contains) };
  if (range === undefined) return anyTest;
  const text = (bound: number | undefined) => (bound === undefined ? '' : String(bound));
  return { ...anyTest, test: 'range', least: text(range.least), most: text(range.most) };
}

function valueText(value: Json): string {
  // A text that would be read as something else keeps its quotes.
  if (typeof value === 'string' && valueOf(value) === value && !value.includes(',')) return value;
  return JSON.stringify(value);
}

/** A value as typed: a number, true, false, null or JSON; anything else is a text. */
function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text.trim();
  }
}

/** What a draft asks the hub to save, and what is wrong with it. */
export interface DraftReading {
  request: Schemas['SaveTriggerBody'];
  faults: Fault[];
}

/** Reads what was typed; faults have the places of the API. */
export function readTriggerDraft(draft: TriggerDraft): DraftReading {
  const { due } = draft;
  const seconds = due === 'seconds' ? parseSpan(draft.dueSpan) : null;
  const per = parseSpan(draft.ratePer);
  const tags = readTags(draft.tags);
  const text = (typed: string) => (typed.trim() === '' ? null : typed.trim());
  const raw = {
    source: readSource(draft),
    flowName: draft.flowName,
    input: draft.input,
    label: text(draft.label),
    when: text(draft.when),
    dedupKey: text(draft.dedupKey),
    rateLimit: draft.hasRate
      ? { most: Number(draft.rateMost), perSeconds: per ?? 0, beyond: draft.beyond }
      : null,
    deadline:
      due === 'seconds' ? (seconds ?? 0) : due === 'expression' ? { 'at.=': draft.dueAt } : due,
    urgency: draft.urgency,
    tags: tags ?? {},
    notify: draft.notify,
    enabled: draft.enabled,
    ...(draft.project === '' ? {} : { project: draft.project }),
    ...(draft.runAs === '' ? {} : { runAs: draft.runAs }),
  };
  const own: Fault[] = [];
  const fault = (field: string, msg: string) => own.push({ loc: [field], msg, type: 'form' });
  if (!/^[a-z0-9][a-z0-9._-]{0,62}$/.test(draft.name)) {
    fault('name', 'small letters, digits, "-", "." and "_"');
  }
  if (draft.flowName === '') fault('flowName', 'choose a flow');
  if (tags === null) fault('tags', 'write them as name:value, name:value');
  const { request, faults } = checked(raw, own);
  return { request, faults };
}

const plainer: Record<string, string> = {
  'source.instrument': 'choose an instrument',
  'source.name': 'write its name',
  'source.files': 'write a number, or the name of a parameter',
  'source.flowName': 'choose a flow',
  'source.on': 'choose at least one',
  'rateLimit.perSeconds': 'write it as 30 s or 5 min, at most 7 d',
  deadline: 'write it as 90 s or 5 min',
};

function checked(raw: object, own: Fault[]): DraftReading {
  const parsed = triggerRequestSchema.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap(({ path, message, code }): Fault[] => {
      const loc = path.map((step) => (typeof step === 'symbol' ? String(step) : step));
      if (own.some((each) => each.loc[0] === loc[0])) return [];
      return [{ loc, msg: plainer[loc.join('.')] ?? message, type: code }];
    });
    return { request: raw as Schemas['SaveTriggerBody'], faults: [...own, ...faults] };
  }
  const faults = [...own, ...inspectTrigger(parsed.data)];
  return { request: raw as Schemas['SaveTriggerBody'], faults };
}

/** The source that a draft stands for, whether or not it is whole yet. */
export function readSource(draft: TriggerDraft): TriggerSource {
  const { kind, instrument } = draft;
  const project = draft.ofProject === '' ? {} : { project: draft.ofProject };
  switch (kind) {
    case 'file':
      return {
        kind,
        instrument,
        pattern: draft.pattern,
        ...(draft.isGrowing ? { stage: 'growing' as const } : {}),
      };
    case 'run':
      return {
        ...{ kind, instrument, on: draft.on },
        ...(draft.on === 'allFiles' ? { files: numberOrName(draft.runFiles) } : {}),
      };
    case 'parameter': {
      const { parameter: name, changes } = draft;
      return { kind, instrument, name, changes, ...readTest(draft) };
    }
    case 'dataset':
      return {
        kind,
        ...(draft.datasetKind === '' ? {} : { datasetKind: draft.datasetKind }),
        ...(instrument === '' ? {} : { instrument }),
        ...project,
        keywords: wordsOf(draft.keywords),
        where: draft.where.map((each) => ({ path: each.path.trim(), ...readTest(each) })),
      };
    case 'schedule':
      return { kind, cron: draft.cron, timeZone: draft.timeZone, catchUp: draft.catchUp };
    case 'webhook':
      return { kind, signs: draft.signs };
    case 'flow':
      return {
        kind,
        flowName: draft.afterFlow,
        on: draft.endings as ('SUCCEEDED' | 'FAILED')[],
        ...project,
      };
  }
}

function numberOrName(typed: string): number | string {
  return /^\d+$/.test(typed.trim()) ? Number(typed) : typed.trim();
}

function readTest({ test, value, least, most }: TestDraft): Omit<MetadataCondition, 'path'> {
  if (test === 'equals') return { equals: valueOf(value) };
  if (test === 'contains') return { contains: valueOf(value) };
  if (test === 'oneOf') return { oneOf: listOf(value) };
  if (test !== 'range') return {};
  return {
    range: {
      ...(least.trim() === '' ? {} : { least: Number(least) }),
      ...(most.trim() === '' ? {} : { most: Number(most) }),
    },
  };
}

/** Values with commas between; a comma within quotes belongs to its value. */
function listOf(text: string): Json[] {
  return (text.match(/"(?:[^"\\]|\\.)*"|[^,]+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(valueOf);
}

function wordsOf(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
