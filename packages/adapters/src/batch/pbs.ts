import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { BatchCommands, RememberedEnd, WantedJob } from './batch-commands.ts';
import type { BatchRequest, BatchSystem } from './batch-system.ts';
import { CommandBatch } from './command-batch.ts';
import type { CommandBatchOptions } from './command-batch-options.ts';
import { inPortions } from './in-portions.ts';
import { pbsRefusal } from './pbs/pbs-refusal.ts';
import { readQstatDsv } from './pbs/read-qstat-dsv.ts';
import { readQstat } from './pbs/read-qstat.ts';
import { readIds } from './pbs/read-ids.ts';
import { renderScript } from './pbs/render-script.ts';
import { runCommand, type CommandAnswer } from './run-command.ts';
import type { SeenJob } from './seen-job.ts';

/** Pilots as batch jobs of PBS Pro or OpenPBS, through its commands. */
export function pbsBatch(options: CommandBatchOptions): BatchSystem {
  return new CommandBatch(new PbsCommands(options), options.folder);
}

/** What is said of a job that the queue does not have: no reason to give up the others. */
const passedOver = /Unknown Job Id|has finished|Request invalid for state of job/i;

class PbsCommands implements BatchCommands {
  readonly driver = 'pbs';
  readonly renderScript = renderScript;
  readonly #environment: CommandBatchOptions['environment'];
  readonly #limitSeconds: number;
  /** Whether jobs that have ended can be asked for; a server may keep no history. */
  #hasHistory = true;

  constructor({ environment, limitSeconds }: CommandBatchOptions) {
    this.#limitSeconds = limitSeconds ?? limits.batchCommandSeconds;
    this.#environment = { ...environment, TZ: 'UTC', LC_ALL: 'C' };
  }

  async submit({ pilotId }: BatchRequest, scriptPath: string): Promise<string> {
    const purpose = `submitting ${pilotId}`;
    const answer = await this.#run(purpose, ['qsub', scriptPath]);
    if (answer.exitCode !== 0) throw pbsRefusal(purpose, 'qsub', answer);
    const id = readIds(answer.stdout).at(-1);
    if (id !== undefined) return id;
    const said = JSON.stringify(answer.stdout.trim().split('\n')[0]?.slice(0, 200));
    throw new DomainError('unavailable', `${purpose}: qsub said ${said} and no job id`);
  }

  async look(wanted: readonly WantedJob[]): Promise<SeenJob[]> {
    const known = wanted.flatMap(({ batchJobId }) => batchJobId ?? []);
    const names = wanted.filter(({ batchJobId }) => batchJobId === null);
    const found = await Promise.all(names.map(({ name }) => this.#find(name)));
    const ids = [...new Set([...known, ...found.flat()])];
    const portions = inPortions(ids, limits.batchJobsPerCommand);
    const seen: SeenJob[] = [];
    for (const portion of portions) seen.push(...(await this.#status(portion)));
    return seen;
  }

  /** Our batch jobs of a name; PBS finds them by name only in this way. */
  async #find(name: string): Promise<string[]> {
    const purpose = `looking for ${name}`;
    const answer = await this.#asked(purpose, ['qselect', '-N', name]);
    if (answer.exitCode !== 0) {
      const { message, cause } = pbsRefusal(purpose, 'qselect', answer);
      throw new DomainError('unavailable', message, { cause });
    }
    return readIds(answer.stdout);
  }

  async #status(ids: readonly string[]): Promise<SeenJob[]> {
    const purpose = 'looking at the queue';
    const answer = await this.#asked(purpose, ['qstat', '-f', '-F', 'json', ...ids]);
    const read = answer.stdout.trimStart().startsWith('{') ? readQstat(answer.stdout) : null;
    if (read !== null) return complete(purpose, ids, { answer, jobs: read });
    const isBroken = answer.stdout.trimStart().startsWith('{');
    // Only a broken JSON of PBS's own is worth another question.
    const told = isBroken
      ? await this.#asked(purpose, ['qstat', '-f', '-F', 'dsv', ...ids])
      : answer;
    return complete(purpose, ids, { answer: told, jobs: readQstatDsv(told.stdout) });
  }

  /** The queue and the history are one question; nobody else remembers. */
  async remember(_batchJobIds: readonly string[]): Promise<Map<string, RememberedEnd>> {
    return new Map();
  }

  async cancel(batchJobIds: readonly string[]): Promise<void> {
    const purpose = 'canceling batch jobs';
    for (const ids of inPortions(batchJobIds, limits.batchJobsPerCommand)) {
      const answer = await this.#run(purpose, ['qdel', ...ids]);
      const left = answer.stderr
        .split('\n')
        .filter((line) => line.trim() !== '' && !passedOver.test(line));
      if (answer.exitCode === 0 || left.length === 0) continue;
      throw pbsRefusal(purpose, 'qdel', { ...answer, stderr: left.join('\n') });
    }
  }

  /** Asks for ended jobs too, as long as the server keeps them. */
  async #asked(purpose: string, words: [string, ...string[]]): Promise<CommandAnswer> {
    const [program, ...rest] = words;
    if (this.#hasHistory) {
      const answer = await this.#run(purpose, [program, '-x', ...rest]);
      if (!/job history|history.*not (set|enabled)/i.test(answer.stderr)) return answer;
      this.#hasHistory = false;
    }
    return this.#run(purpose, words);
  }

  #run(purpose: string, words: readonly [string, ...string[]]): Promise<CommandAnswer> {
    const limitSeconds = this.#limitSeconds;
    return runCommand({ purpose, words, environment: this.#environment, limitSeconds });
  }
}

/** What is not told, and not said to be unknown either, must not be taken for an end. */
function complete(
  purpose: string,
  ids: readonly string[],
  { answer, jobs }: { answer: CommandAnswer; jobs: SeenJob[] },
): SeenJob[] {
  const told = new Set(jobs.map(({ batchJobId }) => batchJobId));
  const lines = answer.stderr.split('\n').filter((line) => passedOver.test(line));
  const isExplained = (id: string): boolean =>
    told.has(id) || lines.some((line) => line.split(/\s+/).includes(id));
  if (ids.every(isExplained)) return jobs;
  const { message, cause } = pbsRefusal(purpose, 'qstat', answer);
  throw new DomainError('unavailable', message, { cause });
}
