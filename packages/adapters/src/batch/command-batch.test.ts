import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { makeId } from '@interpulse/domain/id.ts';
import { batchRequest } from '@interpulse/testing/batch/batch-request.ts';
import type { BatchCommands } from './batch-commands.ts';
import { CommandBatch } from './command-batch.ts';
import type { SeenJob } from './seen-job.ts';

describe('a batch system that is driven by commands', () => {
  it('tells of all its jobs although one that waits for ever cannot be canceled', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-commands-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const queue: SeenJob[] = [];
    let mayCancel = false;
    const canceled: string[] = [];
    const commands: BatchCommands = {
      driver: 'stub',
      renderScript: () => '#!/bin/sh\n',
      submit: ({ pilotId }) => {
        const known = { hosts: [], expectedAt: null, restarts: 0, exitCode: null, signal: null };
        const batchJobId = String(queue.length + 1);
        const isHopeless = queue.length === 0;
        const reason = isHopeless ? 'PartitionTimeLimit' : 'Priority';
        queue.push({ batchJobId, name: pilotId, state: 'queued', reason, isHopeless, ...known });
        return Promise.resolve(batchJobId);
      },
      look: () => Promise.resolve(structuredClone(queue)),
      remember: () => Promise.resolve(new Map()),
      cancel: (ids) => {
        if (!mayCancel) return Promise.reject(new DomainError('unavailable', 'no permission'));
        canceled.push(...ids);
        return Promise.resolve();
      },
    };
    const batch = new CommandBatch(commands, join(folder, 'notes'));
    const pilots = [1, 2].map((byte) => makeId('pilot', 0, new Uint8Array(10).fill(byte)));
    for (const pilotId of pilots) {
      await batch.submit(batchRequest({ command: ['pilot'], folder, pilotId }));
    }
    const states = async () => (await batch.list()).map(({ state }) => state).toSorted();
    assert.deepEqual(await states(), ['queued', 'queued']);
    mayCancel = true;
    assert.deepEqual(await states(), ['ended', 'queued']);
    assert.deepEqual(canceled, ['1']);
  });
});
