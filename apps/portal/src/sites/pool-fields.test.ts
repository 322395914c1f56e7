import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSettings, poolFields, settingFault } from './pool-fields.ts';

const limits = {
  minWarm: 2,
  maxPilots: 8,
  nodesPerPilot: 4,
  walltimeSeconds: 86_400,
  idleSeconds: 3600,
  paused: false,
};
const settings = { ...limits, minWarm: 0, maxPilots: 4, walltimeSeconds: 3600 };

test('only what differs is sent', () => {
  assert.deepEqual(changedSettings(settings, { ...settings, minWarm: 2, paused: true }), {
    minWarm: 2,
    paused: true,
  });
  assert.deepEqual(changedSettings(settings, settings), {});
});

test('what the site does not allow is said at its field', () => {
  assert.equal(settingFault('minWarm', { ...settings, minWarm: 2 }, limits), null);
  assert.match(settingFault('minWarm', { ...settings, minWarm: 3 }, limits) ?? '', /site allows/);
  assert.match(
    settingFault('walltimeSeconds', { ...settings, walltimeSeconds: 5 }, limits) ?? '',
    /60/,
  );
  assert.match(
    settingFault('minWarm', { ...settings, minWarm: 2, maxPilots: 1 }, limits) ?? '',
    /most/,
  );
  assert.match(
    settingFault('idleSeconds', { ...settings, idleSeconds: NaN }, limits) ?? '',
    /whole/,
  );
  for (const { name } of poolFields) assert.equal(settingFault(name, settings, limits), null);
});
