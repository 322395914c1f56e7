import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FromAgent } from './session-messages.ts';
import { translateTimes } from './translate-times.ts';

describe('the times of a sender whose clock is off', () => {
  const at = '2026-11-21T13:00:00.000Z';
  const own = '2026-11-21T12:00:00.000Z';
  const aheadMs = 3_600_000;

  test('are read by our clock, in every report of a message', () => {
    const pilot = {
      pilotId: `pilot_${'0'.repeat(26)}` as const,
      event: 'running' as const,
      at,
      batchJobId: null,
      host: null,
      nodes: [],
      expectedAt: null,
      endsAt: at,
      reason: null,
    };
    const message: FromAgent = { type: 'pilotReports', reports: [pilot, pilot] };
    const told = { ...pilot, at: own, endsAt: own };
    assert.deepEqual(translateTimes(message, aheadMs), { ...message, reports: [told, told] });
    assert.equal(translateTimes(message, 0), message);
  });

  test('are left as they are where they are those of a file', () => {
    const message: FromAgent = {
      type: 'fileFinished',
      instrument: 'detector',
      path: '/a.h5',
      sizeBytes: 1,
      modifiedAt: at,
      closedAt: at,
      shotNumber: null,
      metadata: { at },
    };
    assert.deepEqual(translateTimes(message, aheadMs), { ...message, closedAt: own });
  });
});
