import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cellAfterKey, cellAt, cellCorner, layOutGrid } from './grid-layout.ts';

const room = fc.record({
  count: fc.integer({ min: 1, max: 20_000 }),
  width: fc.integer({ min: 200, max: 2200 }),
  height: fc.integer({ min: 200, max: 700 }),
});

test('every cell is found again under its own middle, and lies within the width', () => {
  fc.assert(
    fc.property(room, fc.nat(), ({ count, width, height }, seed) => {
      const layout = layOutGrid(count, width, height);
      const index = seed % count;
      const { x, y } = cellCorner(layout, index);
      assert.equal(cellAt(layout, x + layout.pitch / 2, y + layout.pitch / 2), index);
      assert.ok(x + layout.pitch <= width);
      assert.ok(y + layout.pitch <= layout.height);
    }),
  );
});

test('the cells are as large as the room allows', () => {
  fc.assert(
    fc.property(room, ({ count, width, height }) => {
      const layout = layOutGrid(count, width, height);
      assert.ok(layout.height <= height || layout.pitch === 3);
    }),
  );
  assert.equal(layOutGrid(10, 800, 400).pitch, 22);
  assert.ok(layOutGrid(20_000, 1400, 420).pitch >= 5);
});

test('keys move within the grid', () => {
  const layout = layOutGrid(100, 220, 400);
  assert.equal(layout.columns, 10);
  assert.equal(cellAfterKey(layout, 5, 'ArrowDown'), 15);
  assert.equal(cellAfterKey(layout, 5, 'ArrowUp'), 0);
  assert.equal(cellAfterKey(layout, 5, 'End'), 99);
  assert.equal(cellAfterKey(layout, 99, 'ArrowRight'), 99);
  assert.equal(cellAfterKey(layout, 5, 'a'), null);
});

test('outside of the cells there is none', () => {
  const layout = layOutGrid(15, 220, 400);
  assert.equal(cellAt(layout, 219, 23), null);
  assert.equal(cellAt(layout, -1, 0), null);
  assert.equal(cellAt(layout, 0, 2000), null);
});
