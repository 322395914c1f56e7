import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createProgram } from '../create-program.ts';
import { checkCommandLine } from './check-command-line.ts';
import { documentedCommands } from './documented-commands.ts';

const root = dirname(dirname(dirname(dirname(import.meta.dirname))));

/** What the program says, which is no command. */
const messages = new Set(['interpulse runs in … already, at http://…']);

test('every command in the documentation is one that there is', () => {
  const program = createProgram();
  const paths = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'clients/*/*.md'], {
    cwd: root,
  });
  const commands = paths.flatMap((path) =>
    documentedCommands(readFileSync(join(root, path), 'utf8')).map((each) => ({ ...each, path })),
  );
  assert.ok(commands.length > 100, `${commands.length} commands were found`);
  const faults = commands.flatMap(({ path, line, text }) => {
    const fault = messages.has(text) ? null : checkCommandLine(program, text);
    return fault === null ? [] : [`${path}:${line} ${fault}: ${text}`];
  });
  assert.deepEqual(faults, []);
});

test('commands are found in blocks and in sentences', () => {
  const text = [
    'See `interpulse flow list` and `interpulse-xpcs`.',
    '```console',
    '$ interpulse job list --state \\',
    '    failed',
    'interpulse: there is no job',
    '```',
  ].join('\n');
  assert.deepEqual(documentedCommands(text), [
    { line: 1, text: 'interpulse flow list' },
    { line: 3, text: 'interpulse job list --state  failed' },
  ]);
});

test('what is no command is told', () => {
  const program = createProgram();
  const fault = (line: string) => checkCommandLine(program, line);
  assert.equal(fault('interpulse flow-run start adder --tag a=1 --follow   # watch it'), null);
  assert.equal(fault('interpulse flow archive adder [--undo]'), null);
  assert.equal(fault('interpulse --json flow list | jq .'), null);
  assert.equal(fault("interpulse flow-run bulk xpcs --map 'n.==dataset.metadata.n'"), null);
  assert.equal(fault('interpulse agent --config agent.json'), null);
  assert.equal(fault('interpulse flow strat adder'), 'there is no "strat" of flow');
  assert.equal(fault('interpulse flow list --nothing'), 'list has no --nothing');
  assert.equal(fault('interpulse flow show one two'), 'show takes 1 words, not one two');
  assert.equal(fault('interpulse flow list --project'), '--project needs a value');
});
