import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceFlowBy } from './advance-flow.ts';
import { BranchesMissing } from './branches-missing.ts';
import { parseDefinition } from './definition.ts';
import type { FlowEvent } from './flow-progress.ts';
import { FlowView, newFlowCore } from './flow-view.ts';
import type { BranchRow, FlowCore } from './flow-view.ts';
import type { JsonObject } from '../json.ts';

const now = '2026-11-21T12:00:00.000Z';
const action = { Type: 'Action', ActionUrl: 'interpulse:compute', ResultPath: '$.out', End: true };
const parsed = parseDefinition({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 20,
      ItemSelector: { 'n.$': '$._context.Map.Item.Value' },
      ItemProcessor: { StartAt: 'Work', States: { Work: action } },
      ResultPath: '$.results',
      End: true,
    },
  },
});
assert.ok('definition' in parsed);
const { definition } = parsed;

/** A Map under way as it is stored, and what its events cost. */
class StoredMap {
  readonly rows = new Map<string, BranchRow>();
  core: FlowCore = newFlowCore();
  data: JsonObject = {};
  /** Of the last event. */
  cost = { rowsRead: 0, rowsWritten: 0, bytesWritten: 0, wroteData: false };

  constructor(items: number) {
    const input = { items: Array.from({ length: items }, (_, n) => n) };
    this.take({ kind: 'started', input, context: {} });
  }

  take(...events: FlowEvent[]): void {
    const view = new FlowView(this.core, this.data);
    let rowsRead = 0;
    const read = (which: (row: BranchRow) => boolean): void => {
      const rows = [...this.rows.values()].filter(which);
      rowsRead += rows.length;
      view.add(rows);
    };
    const steps = new Set(events.map((event) => ('step' in event ? event.step : 0)));
    read(({ step }) => step !== null && steps.has(step));
    const advance = (): void => {
      view.progress = advanceFlowBy(definition, view.progress, events, now).run;
    };
    try {
      advance();
    } catch (error) {
      assert.ok(error instanceof BranchesMissing && 'resultsOf' in error.need);
      read(({ step }) => step === null);
      advance();
    }
    const { closed, rows } = view.changes();
    for (const row of rows) this.rows.set(`${row.parentStep}:${row.index}`, row);
    for (const [key, row] of this.rows) if (closed.includes(row.parentStep)) this.rows.delete(key);
    const core = JSON.stringify(view.core());
    const bytesWritten = core.length + JSON.stringify(rows).length;
    const wroteData = view.progress.data !== this.data;
    this.cost = { rowsRead, rowsWritten: rows.length, bytesWritten, wroteData };
    this.core = JSON.parse(core) as FlowCore;
    this.data = view.progress.data;
  }

  end(count: number): void {
    const open = [...this.rows.values()].flatMap(({ step }) => step ?? []).slice(0, count);
    const statusDocument = { status: 'SUCCEEDED', details: {} };
    this.take(...open.map((step) => ({ kind: 'actionEnded' as const, step, statusDocument })));
  }
}

test('an event of one item of a Map of 10,000 costs what it costs in a Map of 100', () => {
  const [small, large] = [new StoredMap(100), new StoredMap(10_000)];
  for (const map of [small, large]) {
    assert.equal(map.rows.size, 20, 'items that wait for their turn take no room');
    for (let count = 0; count < 30; count += 1) {
      map.end(1);
      // The one that ended and the one that begins in its place.
      assert.deepEqual([map.cost.rowsRead, map.cost.rowsWritten], [1, 2]);
      assert.ok(!map.cost.wroteData, 'the document is as it was');
    }
  }
  assert.ok(large.cost.bytesWritten < small.cost.bytesWritten + 20, 'some digits more');
});

test('many ends are one turn, and its cost grows as they do', () => {
  const map = new StoredMap(2000);
  map.end(20);
  assert.equal(map.cost.rowsWritten, 40);
  const { bytesWritten } = map.cost;
  map.end(10);
  assert.ok(map.cost.bytesWritten < bytesWritten * 0.7);
});

test('the results are read once, when the last item has ended', () => {
  const map = new StoredMap(500);
  let rowsRead = 0;
  while (map.core.endedAt === null) {
    map.end(20);
    rowsRead += map.cost.rowsRead;
  }
  assert.equal(map.core.status, 'SUCCEEDED');
  assert.ok(rowsRead < 500 * 2 + 20, `${rowsRead} rows were read for 500 items`);
  assert.equal(map.rows.size, 0);
  const { results } = map.data as { results: { n: number }[] };
  assert.deepEqual(
    results.map(({ n }) => n),
    Array.from({ length: 500 }, (_, n) => n),
  );
});
