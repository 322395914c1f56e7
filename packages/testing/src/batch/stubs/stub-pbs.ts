import { readFileSync } from 'node:fs';
import { complained, said, type StubAnswer } from './stub-answer.ts';
import type { StubJob, StubJobs } from './stub-jobs.ts';

/** How a stub PBS may differ: with broken JSON, as some releases write it. */
export type StubPbsKind = 'tidy' | 'broken JSON';

const server = 'stub1';

/** Answers as PBS's commands do, in the form of what was recorded from OpenPBS 23.06.06. */
export function stubPbs(jobs: StubJobs, kind: StubPbsKind, words: readonly string[]): StubAnswer {
  const [command, ...args] = words;
  switch (command) {
    case 'qsub':
      return qsub(jobs, args.at(-1) ?? '');
    case 'qselect': {
      const name = args[args.indexOf('-N') + 1];
      const found = jobs
        .list()
        .filter((job) => job.name === name && (args.includes('-x') || job.state !== 'ended'));
      return said(found.map(({ id }) => `${id}.${server}\n`).join(''));
    }
    case 'qstat':
      return qstat(jobs, kind, args);
    default:
      return qdel(jobs, args);
  }
}

function qsub(jobs: StubJobs, script: string): StubAnswer {
  const text = readFileSync(script, 'utf8');
  const get = (letter: string): string =>
    new RegExp(`^#PBS -${letter} (.*)$`, 'm').exec(text)?.[1] ?? '';
  if (get('q') === 'nowhere') return complained(170, 'qsub: Unknown queue');
  const nodes = Number(/^#PBS -l select=(\d+)/m.exec(text)?.[1]);
  const id = jobs.submit((number) => ({
    name: get('N'),
    script,
    folder: '/tmp',
    stdout: get('o'),
    stderr: get('e'),
    environment: { PATH: '/usr/bin:/bin', HOME: '/tmp', PBS_JOBID: `${number}.${server}` },
    waitsFor: nodes > 4 ? 'Can Never Run: Not enough total nodes available' : null,
  }));
  return said(`${id}.${server}\n`);
}

function qstat(jobs: StubJobs, kind: StubPbsKind, args: readonly string[]): StubAnswer {
  const format = args[args.indexOf('-F') + 1] ?? '';
  const ids = args.filter((word) => /^\d+\./.test(word));
  const found: StubJob[] = [];
  const complaints: string[] = [];
  for (const id of ids) {
    const job = jobs.find(Number.parseInt(id, 10));
    if (job === null) complaints.push(`qstat: Unknown Job Id ${id}`);
    else if (job.state === 'ended' && !args.includes('-x')) {
      const advice = 'Job has finished, use -x or -H to obtain historical job information';
      complaints.push(`qstat: ${id} ${advice}`);
    } else found.push(job);
  }
  const attributes = found.map((job) => ({ id: `${job.id}.${server}`, ...describe(job) }));
  const stdout = format === 'dsv' ? dsv(attributes) : json(attributes, kind);
  const stderr = complaints.map((line) => `${line}\n`).join('');
  return { exitCode: complaints.length === 0 ? 0 : 153, stdout, stderr };
}

interface Attributes {
  id: string;
  [name: string]: string | number;
}

function describe(job: StubJob): Record<string, string | number> {
  const base = { Job_Name: job.name, server, queue: 'workq', Account_Name: '+5' };
  const comment = 'Job run at Sat Nov 21 at 13:07 on (stub1:ncpus=1)';
  if (job.state === 'waiting') {
    return { ...base, job_state: 'Q', comment: job.waitsFor ?? 'Not Running: ' };
  }
  const here = { ...base, exec_host: 'stub1/0*1', run_count: 1 };
  if (job.state === 'running') {
    return { ...here, job_state: job.isCanceled ? 'E' : 'R', comment };
  }
  const status = job.status > 128 ? job.status + 128 : job.status;
  return { ...here, job_state: 'F', Exit_status: status, comment: `${comment} and finished` };
}

/** Tabs after the colons, as recorded; the broken writer prints what looks like a number bare. */
function json(jobs: readonly Attributes[], kind: StubPbsKind): string {
  const named = jobs.map(({ id, ...attributes }) => [id, attributes] as const);
  const answer = { timestamp: 1_795_266_454, pbs_version: '23.06.06', pbs_server: server };
  const text = JSON.stringify(
    named.length === 0 ? answer : { ...answer, Jobs: Object.fromEntries(named) },
    null,
    '\t',
  ).replaceAll('": ', '":\t');
  return `${kind === 'broken JSON' ? text.replaceAll('"+5"', '+5') : text}\n`;
}

function dsv(jobs: readonly Attributes[]): string {
  const escape = (value: string | number): string => String(value).replaceAll('|', '\\|');
  const lines = jobs.map(({ id, ...attributes }) =>
    [
      `Job Id: ${id}`,
      ...Object.entries(attributes).map(([name, value]) => `${name}=${escape(value)}`),
    ].join('|'),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function qdel(jobs: StubJobs, ids: readonly string[]): StubAnswer {
  const complaints = ids.flatMap((id) => {
    const job = jobs.find(Number.parseInt(id, 10));
    if (job === null) return [`qdel: Unknown Job Id ${id}`];
    if (job.state === 'ended') return [`qdel: Job has finished ${id}`];
    jobs.cancel(job);
    return [];
  });
  return complaints.length === 0 ? said('') : complained(35, complaints.join('\n'));
}
