import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { batchRequest } from '@interpulse/testing/batch/batch-request.ts';
import { untilState } from '@interpulse/testing/batch/until-state.ts';
import { startSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { slurmBatch } from './slurm.ts';

describe('real Slurm and the end of a walltime', { skip: whyNoSlurm() }, () => {
  it('says that the time was over', async (t) => {
    const slurm = await startSlurm({ nodes: 1 });
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-walltime-'));
    t.after(async () => {
      await slurm.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });
    const batch = slurmBatch({ folder: join(folder, 'notes'), environment: slurm.environment });
    const request = batchRequest({ command: ['sleep', '600'], folder, walltimeSeconds: 30 });
    const id = await batch.submit(request);
    const { pilotId } = request;
    await untilState({ batch, pilotId, state: 'running', patienceSeconds: 20 });
    // A minute is the shortest that Slurm takes, and it looks every 30 s only.
    assert.match(await slurm.run('scontrol', 'show', 'job', id), /TimeLimit=00:01:00/);
    await slurm.run('scontrol', 'update', `JobId=${id}`, 'EndTime=now+1');
    const ended = await untilState({ batch, pilotId, state: 'ended', patienceSeconds: 50 });
    assert.match(ended.reason ?? '', /^TIMEOUT, TimeLimit/);
    assert.deepEqual([ended.exitCode, ended.signal], [null, 'SIGTERM']);
  });
});
