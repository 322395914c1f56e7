import { batchContract } from '@interpulse/testing/batch/batch-contract.ts';
import { localBatch } from './local.ts';

batchContract({
  name: 'local',
  open: (folder) => localBatch(folder),
  startSeconds: 1,
  tellsKill: true,
});
