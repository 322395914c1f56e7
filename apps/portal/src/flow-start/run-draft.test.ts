import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyRunDraft, readRunDraft, startCommand } from './run-draft.ts';

const now = Date.parse('2026-11-21T10:00:00.000Z');

test('what was typed is read, and what is wrong is said at its field', () => {
  const draft = { ...emptyRunDraft, deadline: '10 min', tags: 'sample:tooth, run:7', label: 'x' };
  const { options, faults } = readRunDraft(draft, now);
  assert.deepEqual(faults, {});
  assert.equal(options.deadlineAt, '2026-11-21T10:10:00.000Z');
  assert.deepEqual(options.tags, { sample: 'tooth', run: '7' });
  const wrong = readRunDraft({ ...emptyRunDraft, deadline: 'soon', tags: 'tooth' }, now);
  assert.deepEqual(Object.keys(wrong.faults).sort(), ['deadline', 'tags']);
  assert.equal(readRunDraft(emptyRunDraft, now).options.deadlineAt, null);
});

test('the command says the same', () => {
  const draft = { ...emptyRunDraft, label: 'night 7', deadline: '10 min', tags: 'a:b' };
  assert.equal(
    startCommand('xpcs', { input: { file: 'raw:/x' } }, draft),
    `interpulse flow-run start xpcs --input-file - --label "night 7" --deadline 600 --tag a=b ` +
      `--follow <<'INPUT'\n{\n  "input": {\n    "file": "raw:/x"\n  }\n}\nINPUT`,
  );
});
