import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAgentConfig } from './read-agent-config.ts';

const folder = join(import.meta.dirname, '../../../../examples/sites');

test('the examples of configurations are valid', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.agent.json'));
  assert.ok(names.length >= 4);
  for (const name of names) readAgentConfig(join(folder, name), {});
});
