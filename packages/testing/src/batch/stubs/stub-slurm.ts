import { readFileSync } from 'node:fs';
import { complained, said, type StubAnswer } from './stub-answer.ts';
import type { StubJob, StubJobs } from './stub-jobs.ts';

/** Releases whose answers are told apart. */
export type StubSlurmRelease = '22.05' | '24.11';

/** Answers as Slurm's commands do, with the words that real ones were seen to say. */
export function stubSlurm(
  jobs: StubJobs,
  release: StubSlurmRelease,
  words: readonly string[],
): StubAnswer {
  const [command, ...args] = words;
  switch (command) {
    case 'sbatch':
      return sbatch(jobs, args.at(-1) ?? '');
    case 'squeue':
      return squeue(jobs, release, args);
    case 'scancel':
      for (const id of args) {
        const job = jobs.find(Number(id));
        if (job !== null && job.state !== 'ended') jobs.cancel(job);
      }
      return said('');
    default:
      return complained(1, 'Slurm accounting storage is disabled');
  }
}

function sbatch(jobs: StubJobs, script: string): StubAnswer {
  const options = readOptions(script);
  const get = (name: string): string => options.get(name) ?? '';
  if (get('partition') === 'nowhere') {
    const first = 'sbatch: error: invalid partition specified: nowhere';
    const last = 'sbatch: error: Batch job submission failed: Invalid partition name specified';
    return complained(1, `${first}\n${last}`);
  }
  const id = jobs.submit((number) => ({
    name: get('job-name'),
    script,
    folder: get('chdir'),
    stdout: get('output').replaceAll('%%', '%'),
    stderr: get('error').replaceAll('%%', '%'),
    environment: { PATH: '/usr/bin:/bin', HOME: '/tmp', SLURM_JOB_ID: String(number) },
    waitsFor: Number(get('nodes')) > 4 ? 'PartitionNodeLimit' : null,
  }));
  return said(`${id}\n`);
}

function readOptions(script: string): Map<string, string> {
  const lines = readFileSync(script, 'utf8').matchAll(/^#SBATCH --([a-z-]+)(?:=(.*))?$/gm);
  return new Map(
    [...lines].map(([, name = '', value = '']) => [
      name,
      value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value,
    ]),
  );
}

function squeue(jobs: StubJobs, release: StubSlurmRelease, args: readonly string[]): StubAnswer {
  const format = args.find((word) => word.startsWith('--Format='));
  if (release === '24.11') {
    if (args.includes('--json')) return said(JSON.stringify(json(jobs), null, 2));
    // The exit code is 0.
    const stderr = 'squeue: error: Invalid job format specification: restartcnt\n';
    return { exitCode: 0, stdout: '\n', stderr };
  }
  const names = (format?.slice('--Format='.length) ?? '').split(',').map((f) => f.split(':')[0]);
  const headings: Record<string, string> = {
    JobID: 'JOBID',
    State: 'STATE',
    RestartCnt: 'RESTART_COUNT',
    exit_code: 'EXIT_CODE',
    StartTime: 'START_TIME',
    NodeList: 'NODELIST',
    Reason: 'REASON',
    Name: 'NAME',
  };
  const line = (values: Record<string, string>): string =>
    names.map((name) => `${values[name ?? ''] ?? ''}|`).join('');
  const lines = jobs.list().map((job) => {
    const { state, reason, raw } = describe(job);
    const isHere = job.state !== 'waiting';
    return line({
      JobID: String(job.id),
      State: state,
      RestartCnt: '0',
      exit_code: String(raw),
      StartTime: isHere ? String(job.startedSeconds) : 'N/A',
      NodeList: isHere ? 'n1' : '',
      Reason: reason,
      Name: job.name,
    });
  });
  return said(`${[line(headings), ...lines].join('\n')}\n`);
}

function describe(job: StubJob): { state: string; reason: string; raw: number } {
  const raw = job.status > 128 ? job.status - 128 : job.status << 8;
  const reason = job.waitsFor ?? 'None';
  if (job.state === 'waiting') return { state: 'PENDING', reason, raw: 0 };
  if (job.state === 'running') {
    return { state: job.isCanceled ? 'COMPLETING' : 'RUNNING', reason, raw: 0 };
  }
  if (job.isCanceled) return { state: 'CANCELLED', reason, raw };
  if (job.status === 0) return { state: 'COMPLETED', reason, raw };
  return {
    state: 'FAILED',
    reason: job.status > 128 ? 'JobLaunchFailure' : 'NonZeroExitCode',
    raw,
  };
}

/** The shape of 23.11 and later: lists of states, numbers with flags. */
function json(jobs: StubJobs): unknown {
  const number = (value: number) => ({ set: true, infinite: false, number: value });
  return {
    jobs: jobs.list().map((job) => {
      const { state, reason, raw } = describe(job);
      return {
        job_id: job.id,
        name: job.name,
        user_id: process.getuid?.() ?? 0,
        job_state: state === 'COMPLETING' ? ['RUNNING', 'COMPLETING'] : [state],
        state_reason: reason,
        nodes: job.state === 'waiting' ? '' : 'n1',
        exit_code: {
          status: raw === 0 ? ['SUCCESS'] : (raw & 127) > 0 ? ['SIGNALED'] : ['ERROR'],
          return_code: (raw & 127) > 0 ? { ...number(0), set: false } : number(raw >> 8),
          signal: {
            id: (raw & 127) > 0 ? number(raw & 127) : { ...number(0), set: false },
            name: '',
          },
        },
        restart_cnt: 0,
        start_time: number(job.state === 'waiting' ? 0 : job.startedSeconds),
      };
    }),
    meta: { slurm: { release: '24.11.3' } },
    errors: [],
    warnings: [],
  };
}
