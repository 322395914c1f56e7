import { after, before, describe } from 'node:test';
import { batchContract } from '@interpulse/testing/batch/batch-contract.ts';
import { commandBatchContract } from '@interpulse/testing/batch/command-batch-contract.ts';
import { startSlurm, type TestSlurm } from '@interpulse/testing/slurm/start-slurm.ts';
import { whyNoSlurm } from '@interpulse/testing/slurm/why-no-slurm.ts';
import { slurmBatch } from './slurm.ts';

describe('real Slurm', { skip: whyNoSlurm() }, () => {
  let slurm: TestSlurm;
  before(async () => {
    slurm = await startSlurm({ nodes: 4 });
  });
  after(() => slurm.stop());

  batchContract({
    name: 'Slurm',
    open: (folder) => slurmBatch({ folder: `${folder}/notes`, environment: slurm.environment }),
    startSeconds: 10,
    tellsKill: true,
  });
  commandBatchContract({
    name: 'Slurm',
    open: slurmBatch,
    environment: () => slurm.environment,
    commands: { submit: 'sbatch', look: 'squeue' },
    unknownState: 's/RUNNING/DREAMING/',
    startSeconds: 10,
  });
});
