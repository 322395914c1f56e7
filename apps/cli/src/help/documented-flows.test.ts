import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { inspectTrigger } from '@interpulse/domain/trigger/inspect-trigger.ts';
import { triggerRequestSchema } from '@interpulse/domain/trigger/trigger.ts';
import { triggerSourceSchema } from '@interpulse/domain/trigger/trigger-source.ts';
import { parse } from 'yaml';

const root = dirname(dirname(dirname(dirname(import.meta.dirname))));

interface Block {
  place: string;
  value: JsonObject;
}

/** The blocks of YAML and JSON in all documents that are whole objects. */
function blocks(): Block[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return [...text.matchAll(/^```(?:ya?ml|json)\n(.*?)^```/gms)].flatMap((match) => {
      const place = `${path}:${text.slice(0, match.index).split('\n').length}`;
      const value = tryParse(match[1] ?? '');
      return isJsonObject(value) ? [{ place, value }] : [];
    });
  });
}

function tryParse(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Some blocks show a part of something.
    return null;
  }
}

/** The action that the reader of docs/how-to/add-a-flow-action.md adds. */
const added = 'interpulse:note';

test('every flow in the documentation is one without faults', () => {
  const flows = blocks().flatMap(({ place, value }) => {
    const definition = 'StartAt' in value ? value : value['definition'];
    return isJsonObject(definition) ? [{ place, definition }] : [];
  });
  assert.ok(flows.length >= 3, `${flows.length} flows were found`);
  const faults = flows.flatMap(({ place, definition }) => {
    const parsed = parseDefinition(definition, {});
    if (!('faults' in parsed)) return [];
    return parsed.faults
      .filter(({ msg }) => !msg.startsWith(`${added} is not an action`))
      .map((fault) => `${place} ${JSON.stringify(fault)}`);
  });
  assert.deepEqual(faults, []);
});

test('every trigger in the documentation is one that can be saved', () => {
  const sources = blocks().filter(({ value }) => isJsonObject(value['source']));
  assert.ok(sources.length >= 8, `${sources.length} triggers were found`);
  const faults = sources.flatMap(({ place, value }) => {
    if (!('flowName' in value)) {
      const { success } = triggerSourceSchema.safeParse(value['source']);
      return success ? [] : [`${place} its source`];
    }
    const parsed = triggerRequestSchema.safeParse(value);
    if (!parsed.success) return [`${place} ${parsed.error.message}`];
    return inspectTrigger(parsed.data).map((fault) => `${place} ${JSON.stringify(fault)}`);
  });
  assert.deepEqual(faults, []);
});
