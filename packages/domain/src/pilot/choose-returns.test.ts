import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PilotWithRoom } from './choose-leases.ts';
import { chooseReturns, type KeptJob, type KeptWork } from './choose-returns.ts';

const kept = (id: string, pilot: string, fields: Partial<KeptJob> = {}): KeptJob => ({
  id,
  pilotId: `pilot_${pilot}`,
  attempt: 1,
  isAsked: false,
  specId: 1,
  urgency: 'normal',
  nodes: 1,
  cores: 4,
  gpus: 0,
  memoryBytes: 0,
  walltimeSeconds: 600,
  runSeconds: 60,
  allocation: null,
  restartable: false,
  ...fields,
});

const none = { cores: 0, gpus: 0, memoryBytes: 0, coreSeconds: 0 };

const pilot = (name: string, heldCores: number, fields: Partial<PilotWithRoom> = {}) => ({
  id: `pilot_${name}` as const,
  urgencies: ['urgent', 'normal', 'backfill'] as const,
  account: null,
  nodes: 1,
  cores: 8,
  coresPerNode: 8,
  gpusPerNode: 0,
  memoryBytesPerNode: 0,
  leftSeconds: 7200,
  heldCores,
  heldGpus: 0,
  heldMemoryBytes: 0,
  heldCoreSeconds: 0,
  passable: { urgent: none, normal: none, backfill: none },
  ...fields,
});

const asked = (work: Omit<KeptWork, 'waiting'> & Partial<KeptWork>): string[] =>
  chooseReturns({ waiting: [], ...work }).map(({ id }) => id);

describe('asking for work back', () => {
  test('takes what came last from the fullest, as much as others can begin', () => {
    const a = [kept('a1', 'a'), kept('a2', 'a'), kept('a3', 'a')];
    const b = [kept('b1', 'b')];
    const two = () => [pilot('a', 20), pilot('b', 12)];
    assert.deepEqual(asked({ kept: [...a, ...b], pilots: [...two(), pilot('c', 0)] }), [
      'a3',
      'a2',
    ]);
    assert.deepEqual(asked({ kept: [...a, ...b], pilots: [...two(), pilot('c', 3)] }), ['a3']);
    assert.deepEqual(asked({ kept: [...a, ...b], pilots: two() }), []);
    const rooms = [...two(), pilot('c', 0), pilot('d', 0)];
    assert.deepEqual(asked({ kept: [...a, ...b], pilots: rooms }), ['a3', 'a2', 'a1', 'b1']);
  });

  test('leaves what its pilot is about to begin', () => {
    const jobs = [kept('a1', 'a'), kept('a2', 'a')];
    assert.deepEqual(asked({ kept: jobs, pilots: [pilot('a', 8), pilot('b', 0)] }), []);
    assert.deepEqual(asked({ kept: jobs, pilots: [pilot('a', 12), pilot('b', 0)] }), ['a2']);
  });

  test('sees what lacks besides cores', () => {
    const jobs = [kept('a1', 'a', { cores: 1, gpus: 1 }), kept('a2', 'a', { cores: 1, gpus: 1 })];
    const gpus = { gpusPerNode: 1 };
    const full = () => pilot('a', 2, { ...gpus, heldGpus: 2 });
    assert.deepEqual(asked({ kept: jobs, pilots: [full(), pilot('b', 0, gpus)] }), ['a2']);
    assert.deepEqual(asked({ kept: jobs, pilots: [full(), pilot('b', 0)] }), []);
    const short = pilot('b', 0, { ...gpus, leftSeconds: 300 });
    assert.deepEqual(asked({ kept: jobs, pilots: [full(), short] }), []);
  });

  test('keeps the room for what was asked for, and for what comes before', () => {
    const jobs = [kept('a1', 'a'), kept('a2', 'a', { isAsked: true })];
    assert.deepEqual(asked({ kept: jobs, pilots: [pilot('a', 16), pilot('b', 4)] }), []);
    assert.deepEqual(asked({ kept: jobs, pilots: [pilot('a', 16), pilot('b', 0)] }), ['a1']);
    const waiting = [kept('large', 'nobody', { cores: 8 })];
    const pilots = () => [pilot('a', 16), pilot('b', 4)];
    const plain = [kept('a1', 'a')];
    assert.deepEqual(asked({ kept: plain, pilots: pilots(), waiting }), []);
    const other = [kept('other', 'nobody', { allocation: 'fusion' })];
    assert.deepEqual(asked({ kept: plain, pilots: pilots(), waiting: other }), ['a1']);
  });
});
