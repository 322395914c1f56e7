import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transferInTheWay } from './transfer-in-the-way.ts';

test('a transfer is in the way at a place, in it, and around it', () => {
  const going = [
    ['transfer_1', { items: [{ source: 'raw:/shot_1/', destination: 'scratch:/in/shot_1/' }] }],
    ['transfer_2', { items: [{ source: 'raw:/a.h5', destination: 'whole:/' }] }],
  ] as const;
  const found = (...locations: string[]) => transferInTheWay(going, locations)?.transferId ?? null;
  assert.equal(found('scratch:/in/shot_1'), 'transfer_1');
  assert.equal(found('scratch:/in/'), 'transfer_1');
  assert.equal(found('scratch:/in/shot_1/x/y.h5'), 'transfer_1');
  assert.equal(found('scratch:/other', 'raw:/a.h5'), 'transfer_2');
  assert.equal(found('whole:/x'), 'transfer_2');
  assert.equal(found('scratch:/in/shot_10', 'raw:/a', 'other:/in/shot_1', 'raw:/shot'), null);
  assert.deepEqual(transferInTheWay(going, ['raw:/no', 'raw:/shot_1/b/']), {
    transferId: 'transfer_1',
    location: 'raw:/shot_1/b/',
  });
});
