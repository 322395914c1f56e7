import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSubmitted } from './read-submitted.ts';
import { slurmRefusal } from './slurm-refusal.ts';

/** As sbatch was heard to say them, or as its source does. */
const words = {
  invalid: [
    'Invalid partition name specified',
    'Requested reservation is invalid',
    'Invalid feature specification',
    'Requested node configuration is not available',
    'Invalid account or account/partition combination specified',
    'QOSMaxWallDurationPerJobLimit; Job violates accounting/QOS policy (job submit limit, …)',
    'Requested time limit is invalid (missing or exceeds some limit)',
  ],
  exhausted: [
    'QOSMaxSubmitJobPerUserLimit; Job violates accounting/QOS policy (job submit limit, …)',
    'AssocMaxSubmitJobLimit',
    'Slurm temporarily unable to accept job, sleeping and retrying',
    'Job violates accounting/QOS policy (job submit limit, the size or the time)',
  ],
  unavailable: [
    'Unable to contact slurm controller (connect failure)',
    'Socket timed out on send/recv operation',
    'Protocol authentication error',
    'Problem talking to database',
    'Could not establish a configuration source',
  ],
} as const;

describe('a refusal of Slurm', () => {
  it('has the kind of its words, and quotes them', () => {
    for (const [kind, lines] of Object.entries(words)) {
      for (const line of lines) {
        const stderr = `sbatch: error: Batch job submission failed: ${line}\n`;
        const error = slurmRefusal('submitting p', 'sbatch', { exitCode: 1, stdout: '', stderr });
        assert.equal(error.kind, kind, line);
        assert.ok(error.message.includes(line) && error.message.startsWith('submitting p: sbatch'));
      }
    }
    const silent = slurmRefusal('x', 'sbatch', { exitCode: 1, stdout: '', stderr: '' });
    assert.equal(silent.kind, 'unavailable');
  });

  it('is not read from a greeting before the id', () => {
    const answer = { exitCode: 0, stderr: '', stdout: 'Welcome, 2 messages\n17;perlmutter\n' };
    assert.equal(readSubmitted('x', answer), '17');
    assert.equal(readSubmitted('x', { ...answer, stdout: '18\n' }), '18');
    assert.throws(() => readSubmitted('x', { ...answer, stdout: 'hello 17\n' }), /hello 17/);
  });
});
