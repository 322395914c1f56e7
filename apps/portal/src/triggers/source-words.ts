import cronstrue from 'cronstrue';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';

type Source = TriggerSource;
type Tests = Pick<Extract<Source, { kind: 'parameter' }>, 'equals' | 'oneOf' | 'range'>;

/** Kinds of sources, as one chooses among them. */
export const sourceKinds: { kind: Source['kind']; title: string; words: string }[] = [
  { kind: 'file', title: 'A finished file', words: 'Of an instrument, by a pattern of its path' },
  { kind: 'run', title: 'A run', words: 'Its start, end, first file, or all files' },
  {
    kind: 'parameter',
    title: 'A parameter of a run',
    words: 'When it has, or changes to, a value',
  },
  { kind: 'dataset', title: 'A dataset', words: 'Registered with metadata that match' },
  { kind: 'schedule', title: 'A schedule', words: 'By the clock of a time zone' },
  { kind: 'webhook', title: 'A webhook', words: 'A program posts to an address, signed' },
  {
    kind: 'flow',
    title: 'The end of another flow',
    words: 'When it succeeded, failed, was canceled',
  },
];

/** What a trigger listens to, as a sentence without an end. */
export function sourceWords(told: Source | Schemas['Trigger']['source']): string {
  const source = told as Source;
  switch (source.kind) {
    case 'file': {
      const which = source.pattern === '/**' ? 'every file' : `files ${source.pattern}`;
      const stage = source.stage === 'growing' ? ' while it grows' : '';
      return `${which} of ${source.instrument}${stage}`;
    }
    case 'run':
      return `${momentWords[source.on]} of each run of ${source.instrument}`;
    case 'parameter': {
      const change = source.changes ? 'changes to' : 'is';
      const test = testWords(source);
      const what = test === '' ? (source.changes ? 'changes' : 'is set') : `${change} ${test}`;
      return `${source.name} ${what} at ${source.instrument}`;
    }
    case 'dataset':
      return datasetWords(source);
    case 'schedule':
      return `${cronWords(source.cron)}, ${source.timeZone}`;
    case 'webhook':
      return `signed requests${schemeWords[source.signs]}`;
    case 'flow':
      return `${source.flowName} ${source.on.map((status) => endWords[status]).join(' or ')}`;
  }
}

const momentWords = {
  start: 'start',
  end: 'end',
  firstFile: 'first file',
  allFiles: 'last file',
};
const schemeWords = {
  delivery: '',
  body: ' (the body alone)',
  standard: ' (Standard Webhooks)',
};
const endWords = { SUCCEEDED: 'succeeded', FAILED: 'failed', ENDED: 'was canceled' };

function datasetWords(source: Extract<Source, { kind: 'dataset' }>): string {
  const { datasetKind, instrument, keywords, where, project } = source;
  return [
    datasetKind === undefined ? 'datasets' : `${datasetKind} datasets`,
    ...(instrument === undefined ? [] : [`of ${instrument}`]),
    ...(project === undefined ? [] : [`in ${project}`]),
    ...(keywords.length === 0 ? [] : [`with ${keywords.join(', ')}`]),
    ...(where.length === 0 ? [] : [`where ${where.map(conditionWords).join(' and ')}`]),
  ].join(' ');
}

/** One condition on metadata in words. */
function conditionWords(condition: Extract<Source, { kind: 'dataset' }>['where'][number]): string {
  const { path, contains } = condition;
  const parts = [
    testWords(condition),
    ...(contains === undefined ? [] : [`has ${JSON.stringify(contains)}`]),
  ].filter((part) => part !== '');
  return parts.length === 0 ? `there is ${path}` : `${path} ${parts.join(' and ')}`;
}

/** What a value must be; empty when anything will do. */
function testWords({ equals, oneOf, range }: Tests): string {
  const parts: string[] = [];
  if (equals !== undefined) parts.push(JSON.stringify(equals));
  if (oneOf !== undefined)
    parts.push(`one of ${oneOf.map((each) => JSON.stringify(each)).join(', ')}`);
  if (range?.least !== undefined && range.most !== undefined) {
    parts.push(`${range.least} to ${range.most}`);
  } else if (range?.least !== undefined) parts.push(`at least ${range.least}`);
  else if (range?.most !== undefined) parts.push(`at most ${range.most}`);
  return parts.join(' and ');
}

/** When a schedule is due, in words; the expression itself where there are none. */
export function cronWords(cron: string): string {
  try {
    const words = cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
    return words.charAt(0).toLowerCase() + words.slice(1);
  } catch {
    return cron;
  }
}
