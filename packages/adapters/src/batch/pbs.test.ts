import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe } from 'node:test';
import { batchContract } from '@interpulse/testing/batch/batch-contract.ts';
import { commandBatchContract } from '@interpulse/testing/batch/command-batch-contract.ts';
import { writeStubCommands } from '@interpulse/testing/batch/write-stub-commands.ts';
import { pbsBatch } from './pbs.ts';

for (const kind of ['tidy', 'broken JSON'] as const) {
  describe(`stand-ins for PBS, ${kind}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-stubs-'));
    const environment = writeStubCommands(folder, kind);
    after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

    batchContract({
      name: `PBS by stand-ins, ${kind}`,
      open: (notes) => pbsBatch({ folder: notes, environment }),
      startSeconds: 5,
      tellsKill: true,
    });
    if (kind === 'broken JSON') return;
    commandBatchContract({
      name: `PBS by stand-ins, ${kind}`,
      open: pbsBatch,
      environment: () => environment,
      commands: { submit: 'qsub', look: 'qstat' },
      unknownState: 's/\\(job_state"*[:=][[:space:]]*"*\\)R/\\1Z/',
      startSeconds: 5,
    });
  });
}
