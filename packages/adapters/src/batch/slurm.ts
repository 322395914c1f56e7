import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { BatchCommands, RememberedEnd, WantedJob } from './batch-commands.ts';
import type { BatchRequest, BatchSystem } from './batch-system.ts';
import { CommandBatch } from './command-batch.ts';
import type { CommandBatchOptions } from './command-batch-options.ts';
import { inPortions } from './in-portions.ts';
import { runCommand, type CommandAnswer } from './run-command.ts';
import type { SeenJob } from './seen-job.ts';
import { readSacct, sacctFormat } from './slurm/read-sacct.ts';
import { readSqueueJson } from './slurm/read-squeue-json.ts';
import { readSqueue, squeueFormat } from './slurm/read-squeue.ts';
import { readSubmitted } from './slurm/read-submitted.ts';
import { renderScript } from './slurm/render-script.ts';
import { slurmRefusal } from './slurm/slurm-refusal.ts';

/** Pilots as batch jobs of Slurm, 22.05 or later, through its commands. */
export function slurmBatch(options: CommandBatchOptions): BatchSystem {
  return new CommandBatch(new SlurmCommands(options), options.folder);
}

class SlurmCommands implements BatchCommands {
  readonly driver = 'slurm';
  readonly renderScript = renderScript;
  readonly #environment: CommandBatchOptions['environment'];
  readonly #limitSeconds: number;
  /** The text obeys filters in every release; JSON is for one that has other fields. */
  #format: 'text' | 'json' = 'text';

  constructor({ environment, limitSeconds }: CommandBatchOptions) {
    this.#limitSeconds = limitSeconds ?? limits.batchCommandSeconds;
    // Times are told and taken without a zone; messages are read.
    this.#environment = { ...environment, TZ: 'UTC', SLURM_TIME_FORMAT: '%s', LC_ALL: 'C' };
  }

  async submit({ pilotId }: BatchRequest, scriptPath: string): Promise<string> {
    const purpose = `submitting ${pilotId}`;
    const answer = await this.#run(purpose, ['sbatch', '--parsable', scriptPath]);
    if (answer.exitCode !== 0) throw slurmRefusal(purpose, 'sbatch', answer);
    return readSubmitted(purpose, answer);
  }

  async look(_wanted: readonly WantedJob[]): Promise<SeenJob[]> {
    const purpose = 'looking at the queue';
    const base = ['squeue', '--me', '--all', '--states=all'] as const;
    if (this.#format === 'text') {
      const answer = await this.#run(purpose, [...base, `--Format=${squeueFormat}`]);
      // Exit code 0, and empty lines.
      const isOther = /Invalid job format specification/i.test(answer.stderr);
      if (!isOther) return this.#read(purpose, answer, readSqueue);
      this.#format = 'json';
    }
    const answer = await this.#run(purpose, [...base, '--json']);
    const userId = process.getuid?.() ?? null;
    return this.#read(purpose, answer, (text) => readSqueueJson(text, userId));
  }

  #read(purpose: string, answer: CommandAnswer, read: (text: string) => SeenJob[]): SeenJob[] {
    if (answer.exitCode !== 0) {
      const { message, cause } = slurmRefusal(purpose, 'squeue', answer);
      throw new DomainError('unavailable', message, { cause });
    }
    const jobs = read(answer.stdout);
    // An answer without jobs that comes with an error means the error, not the end of all jobs.
    if (jobs.length === 0 && /error:/.test(answer.stderr)) {
      const { message, cause } = slurmRefusal(purpose, 'squeue', answer);
      throw new DomainError('unavailable', message, { cause });
    }
    return jobs;
  }

  /** Accounting where there is one, else the file of ended jobs, else nobody knows. */
  async remember(batchJobIds: readonly string[]): Promise<Map<string, RememberedEnd>> {
    const ends = new Map<string, RememberedEnd>();
    for (const ids of inPortions(batchJobIds, limits.batchJobsPerCommand)) {
      for (const source of [[], ['--completion']]) {
        const asked = ids.filter((id) => !ends.has(id)).join(',');
        if (asked === '') break;
        const format = ['--noheader', '--parsable2', '--allocations', `--format=${sacctFormat}`];
        const words = ['sacct', ...source, ...format, `--jobs=${asked}`] as const;
        const answer = await this.#run('asking how jobs ended', words).catch(() => null);
        for (const [id, end] of readSacct(answer?.stdout ?? '')) ends.set(id, end);
      }
    }
    return ends;
  }

  async cancel(batchJobIds: readonly string[]): Promise<void> {
    const purpose = 'canceling batch jobs';
    for (const ids of inPortions(batchJobIds, limits.batchJobsPerCommand)) {
      const answer = await this.#run(purpose, ['scancel', ...ids]);
      const left = answer.stderr
        .split('\n')
        .filter((line) => line.trim() !== '' && !/Invalid job id|already complet/i.test(line));
      if (answer.exitCode === 0 || left.length === 0) continue;
      throw slurmRefusal(purpose, 'scancel', { ...answer, stderr: left.join('\n') });
    }
  }

  #run(purpose: string, words: readonly [string, ...string[]]): Promise<CommandAnswer> {
    const limitSeconds = this.#limitSeconds;
    return runCommand({ purpose, words, environment: this.#environment, limitSeconds });
  }
}
