import { inspectParameters } from '@interpulse/domain/flow/parameters.ts';
import { StateInspection } from '@interpulse/domain/flow/state-inspection.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import type { EditorLanguage, TextMark } from '../flow-editor/code-editor.tsx';
import {
  completeDefinition,
  type Proposal,
  type Proposals,
} from '../flow-editor/complete-definition.ts';
import { rangeOf, readFlowText, type FlowText } from '../flow-editor/flow-text.ts';

/** How deep into an example names are proposed. */
const mostDepth = 5;

/**
 * The language of input mappings: names, `name.$` paths and `name.=` expressions. Paths are those
 * of an example, names those of the flow's input schema.
 */
export function mappingLanguage(example: JsonObject, inputSchema: JsonObject): EditorLanguage {
  const trails = trailsOf(example);
  return {
    marks: (text) => marksOf(readFlowText(text, 'yaml')),
    propose: (text, position) =>
      proposeValue(text, position, trails) ?? proposeKeys(text, position, inputSchema),
    explain: () => null,
  };
}

function marksOf(read: FlowText): TextMark[] {
  if (read.problems.length > 0) {
    return read.problems.map((each) => ({ ...each, severity: 'error' }));
  }
  const { value } = read;
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) {
    return [{ from: 0, to: 1, msg: 'write names with values', severity: 'error' }];
  }
  const inspection = new StateInspection('mapping');
  inspectParameters(value, [], inspection);
  // Faults of a state stand under `States` and its name.
  return inspection.faults.map(({ loc, msg }) => {
    return { ...rangeOf(read, loc.slice(2), true), msg, severity: 'error' };
  });
}

interface Trail {
  path: string;
  value: Json;
}

function trailsOf(value: Json, before = '', depth = 0): Trail[] {
  if (!isJsonObject(value) || depth >= mostDepth) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isPlain = /^[A-Za-z_]\w*$/.test(name);
    const path = isPlain ? `${before}.${name}` : `${before}['${name}']`;
    return [{ path, value: inner }, ...trailsOf(inner, path, depth + 1)];
  });
}

/** In a line such as `file.$: $.fi` what may follow; null elsewhere. */
function proposeValue(text: string, position: number, trails: Trail[]): Proposals | null {
  const line = text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
  const found = /^\s*(?:- )?["']?[^:]*\.([$=])["']?:\s*["']?(.*)$/.exec(line);
  if (found === null) return null;
  const [, kind, typed = ''] = found;
  const word = kind === '$' ? typed : (/[\w.'[\]]*$/.exec(typed)?.[0] ?? '');
  const items = trails.map(({ path, value }): Proposal => {
    const label = kind === '$' ? `$${path}` : path.replace(/^\./, '');
    const detail = JSON.stringify(value) ?? '';
    const shown = detail.length > 48 ? `${detail.slice(0, 47)}…` : detail;
    return { label, detail: shown, info: '', insert: label, kind: 'path' };
  });
  return { from: position - word.length, to: position, items };
}

function proposeKeys(text: string, position: number, schema: JsonObject): Proposals | null {
  const language = { definition: schema, actions: {}, inputSchema: {}, errors: [] };
  const found = completeDefinition(text, 'yaml', position, language);
  if (found === null) return null;
  const items = found.items.flatMap((item): Proposal[] => {
    if (item.kind !== 'key') return [item];
    const form = (suffix: string): Proposal => {
      const label = `${item.label}${suffix}`;
      return { ...item, label, insert: item.insert.replace(item.label, label) };
    };
    return [item, form('.$'), form('.=')];
  });
  return { ...found, items };
}
