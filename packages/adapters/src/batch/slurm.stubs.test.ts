import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { batchContract } from '@interpulse/testing/batch/batch-contract.ts';
import { commandBatchContract } from '@interpulse/testing/batch/command-batch-contract.ts';
import { writeStubCommands } from '@interpulse/testing/batch/write-stub-commands.ts';
import { slurmBatch } from './slurm.ts';

for (const release of ['22.05', '24.11'] as const) {
  describe(`stand-ins for Slurm ${release}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-stubs-'));
    const environment = writeStubCommands(folder, release);
    after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

    batchContract({
      name: `Slurm ${release} by stand-ins`,
      open: (notes) => slurmBatch({ folder: notes, environment }),
      startSeconds: 5,
      tellsKill: true,
    });
    // With the answers of 22.05 a real one runs it.
    if (release === '22.05') return;
    commandBatchContract({
      name: `Slurm ${release} by stand-ins`,
      open: slurmBatch,
      environment: () => environment,
      commands: { submit: 'sbatch', look: 'squeue' },
      unknownState: 's/RUNNING/DREAMING/',
      startSeconds: 5,
    });
  });
}
