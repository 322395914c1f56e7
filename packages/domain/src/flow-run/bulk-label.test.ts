import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../limits.ts';
import { bulkLabel, type BulkItem } from './bulk-label.ts';

const batch = { label: 'again', flowName: 'xpcs' };
const item: BulkItem = { position: 4, input: {}, title: null, redoneLabel: null };

test('a flow run of a bulk start is called by what it is about', () => {
  assert.equal(bulkLabel(batch, item), 'again 5');
  assert.equal(bulkLabel({ ...batch, label: '' }, item), 'xpcs 5');
  const input = { input: { bins: 4, file: 'raw:/2026/scan_17.h5' } };
  assert.equal(bulkLabel(batch, { ...item, input }), 'again: scan_17.h5');
  const flat = { note: 'see: the log', scan: 'raw:/scan_18/' };
  assert.equal(bulkLabel(batch, { ...item, input: flat }), 'again: scan_18');
  assert.equal(bulkLabel(batch, { ...item, input, title: 'gold 3' }), 'again: gold 3');
});

test('one that does another again keeps its label, beside that of the bulk start', () => {
  const redone = { ...item, title: 'shot_16.nxs', redoneLabel: 'shot 16' };
  assert.equal(bulkLabel({ ...batch, label: '' }, redone), 'shot 16');
  assert.equal(bulkLabel(batch, redone), 'again: shot 16');
  assert.equal(bulkLabel(batch, { ...item, redoneLabel: '' }), 'again 5');
});

test('a long label leaves room for what tells them apart', () => {
  const label = 'x'.repeat(limits.nameLength);
  const made = bulkLabel({ ...batch, label }, item);
  assert.ok(made.endsWith('x 5') && made.length === limits.nameLength, made);
  const both = bulkLabel({ ...batch, label }, { ...item, title: 't'.repeat(500) });
  assert.equal(both.length, limits.nameLength);
});
