import { StubJobs } from './stub-jobs.ts';
import { stubPbs } from './stub-pbs.ts';
import { stubSlurm } from './stub-slurm.ts';

// One stand-in for a command of a batch system: `main.ts KIND FOLDER COMMAND ARGUMENTS`.
const [kind, folder = '', ...words] = process.argv.slice(2);
const jobs = new StubJobs(folder);
const answer =
  kind === '22.05' || kind === '24.11'
    ? stubSlurm(jobs, kind, words)
    : stubPbs(jobs, kind === 'broken JSON' ? kind : 'tidy', words);
process.stdout.write(answer.stdout);
process.stderr.write(answer.stderr);
process.exitCode = answer.exitCode;
