import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import type { JsonTrail } from '@interpulse/domain/json.ts';

/** What of a flow a new version may change. */
export interface FlowContent {
  title: string;
  description: string;
  definition: unknown;
  inputSchema: unknown;
}

/** What a new version changes, in sentences; empty when nothing. */
export function flowChanges(before: FlowContent | null, after: FlowContent): string[] {
  if (before === null) return [];
  const old = statesOf(before.definition);
  const now = statesOf(after.definition);
  const added = [...now.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const changed = [...now].filter(([name, text]) => old.has(name) && old.get(name) !== text);
  const sentences = [
    listed('added', added),
    listed('removed', removed),
    listed(
      'changed',
      changed.map(([name]) => name),
    ),
  ].filter((sentence) => sentence !== '');
  if (memberOf(before.definition, 'StartAt') !== memberOf(after.definition, 'StartAt')) {
    sentences.push(`It begins with ${String(memberOf(after.definition, 'StartAt'))}.`);
  }
  if (!isSame(before.inputSchema, after.inputSchema)) sentences.push('The input changes.');
  if (before.title !== after.title) sentences.push('It has another title.');
  if (before.description !== after.description) sentences.push('It has another description.');
  if (sentences.length === 0 && !isSame(before.definition, after.definition)) {
    sentences.push('Something beside the states changes.');
  }
  return sentences;
}

/** Every state by name as text; of a state with others inside only what is its own. */
function statesOf(definition: unknown): Map<string, string> {
  const { nodes } = flowGraph(definition);
  return new Map(
    nodes
      .filter(({ type }) => type !== 'missing')
      .map(({ name, at }) => [name, ownText(valueAt(definition, at))]),
  );
}

function ownText(state: unknown): string {
  return JSON.stringify(sorted(state), (key, value: unknown) =>
    key === 'States' ? Object.keys(value as object) : value,
  );
}

/** The order of keys has no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function listed(what: string, names: string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 6).join(', ');
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  return `${names.length === 1 ? 'State' : 'States'} ${what}: ${shown}${more}.`;
}

function memberOf(value: unknown, name: string): unknown {
  return (value as Record<string, unknown> | null | undefined)?.[name];
}

function valueAt(document: unknown, at: JsonTrail): unknown {
  let value = document;
  for (const step of at) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}
