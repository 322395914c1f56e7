import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFields, renderTable } from './render-table.ts';

test('columns are aligned, numbers to the right, absent values are dashes', () => {
  const text = renderTable({
    columns: ['name', 'count', 'why'],
    rows: [
      ['alpha', 7, null],
      ['b', 1234, 'far away'],
    ],
    empty: 'none',
  });
  assert.equal(text, ['NAME   COUNT  WHY', 'alpha      7  -', 'b       1234  far away'].join('\n'));
});

test('an empty table says what is missing', () => {
  assert.equal(renderTable({ columns: ['a'], rows: [], empty: 'no jobs' }), 'no jobs');
});

test('rows are cut to the width, and control characters cannot draw', () => {
  const table = { columns: ['label'], rows: [['a\u001B[2Jbcdefghij']], empty: '' };
  assert.equal(renderTable(table), 'LABEL\na [2Jbcdefghij');
  assert.equal(renderTable(table, 8), 'LABEL\na [2Jbc…');
});

test('fields line up', () => {
  assert.equal(
    renderFields([
      ['a', 1],
      ['long name', undefined],
    ]),
    'a          1\nlong name  -',
  );
});
