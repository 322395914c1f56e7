import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import type { TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { createTransferRelay } from './transfer-relay.ts';

function report(number: number): TransferReport {
  return {
    transferId: `transfer_${number}`,
    attempt: 1,
    event: 'succeeded',
    at: '2026-11-21T12:00:00.000Z',
    bytesDone: 1,
    bytesTotal: 1,
    filesDone: 1,
    files: [],
    reason: null,
    retryable: false,
  };
}

describe('reports of transfers', () => {
  const errors: unknown[] = [];
  const note = (fields: unknown): void => void errors.push(fields);
  const log = { trace: note, debug: note, info: note, warn: note, error: note, fatal: note };

  test('travel together, each once and in their order', async () => {
    const sent: number[] = [];
    const told: string[] = [];
    const relay = createTransferRelay(async (reports) => {
      sent.push(reports.length);
      told.push(...reports.map(({ transferId }) => transferId));
    }, log);
    const reports = Array.from({ length: 250 }, (_, n) => report(n));
    await Promise.all(reports.map((each) => relay.add([each])));
    assert.deepEqual(sent, [100, 100, 50]);
    assert.deepEqual(
      told,
      reports.map(({ transferId }) => transferId),
    );
  });

  test('are told one by one when the hub refuses a message: one spoils no other', async () => {
    const told: string[] = [];
    const relay = createTransferRelay(async (reports) => {
      if (reports.some(({ transferId }) => transferId === 'transfer_3')) {
        throw new DomainError('invalid', 'not this one');
      }
      told.push(...reports.map(({ transferId }) => transferId));
    }, log);
    await Promise.all([1, 2, 3, 4].map((n) => relay.add([report(n)])));
    assert.deepEqual(told, ['transfer_1', 'transfer_2', 'transfer_4']);
    assert.equal(errors.length, 1);
  });
});
