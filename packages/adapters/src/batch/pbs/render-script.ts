import { DomainError } from '@interpulse/domain/error.ts';
import type { BatchRequest } from '../batch-system.ts';
import { scriptBody } from '../script-body.ts';
import { oneLine, shellWord } from '../shell-word.ts';

/** A batch job that has less time than this is not worth its start, in seconds. */
const shortestSeconds = 60;

/**
 * Writes the script that `qsub` takes for a request. It holds secrets of the environment. PBS has
 * no deadline: a batch job that must have ended by an instant gets less time when there is less,
 * and leaves at once when it starts too late.
 *
 * @throws DomainError `invalid` when it cannot be done, or not before it must have ended.
 */
export function renderScript(request: BatchRequest, nowMilliseconds: number): string {
  const { options } = request;
  if (options.qos !== null) {
    const what = `submitting ${request.pilotId}: PBS has no quality of service (${options.qos})`;
    throw new DomainError('invalid', `${what}; name a queue instead`);
  }
  const walltimeSeconds = timeLeft(request, nowMilliseconds);
  const directives = [
    ...pbsOptions(request, walltimeSeconds),
    ...options.directives.map((line) => oneLine('a directive', line)),
  ].map((line) => `#PBS ${line}`);
  const before = [
    // Written where it belongs as it comes; PBS itself would copy it when the batch job has ended.
    `exec >> ${shellWord(`${request.folder}/stdout`)} 2>> ${shellWord(`${request.folder}/stderr`)}`,
    ...leaveWhenLate(request),
    ...warn(request, walltimeSeconds),
  ];
  const body = scriptBody({ request, idVariable: 'PBS_JOBID', before });
  return ['#!/bin/sh', ...directives, '', ...body].join('\n');
}

function pbsOptions(request: BatchRequest, walltimeSeconds: number): string[] {
  const { pilotId, options } = request;
  // A reservation is a queue of its own.
  const queue = options.reservation ?? options.queue;
  return [
    `-N ${pilotId}`,
    '-S /bin/sh',
    '-o /dev/null',
    '-e /dev/null',
    '-m n',
    `-r ${options.requeue ? 'y' : 'n'}`,
    ...(queue === null ? [] : [`-q ${pbsWord('the queue', queue)}`]),
    ...(options.account === null ? [] : [`-A ${pbsWord('the account', options.account)}`]),
    `-l select=${chunk(request)}`,
    `-l place=${options.coresPerNode === 0 ? 'scatter:excl' : 'scatter'}`,
    `-l walltime=${clock(walltimeSeconds)}`,
  ];
}

function chunk({ nodes, options }: BatchRequest): string {
  const { coresPerNode, gpusPerNode, memoryBytesPerNode, constraint } = options;
  return [
    String(nodes),
    ...(coresPerNode > 0 ? [`ncpus=${coresPerNode}`] : []),
    ...(gpusPerNode > 0 ? [`ngpus=${gpusPerNode}`] : []),
    ...(memoryBytesPerNode > 0 ? [`mem=${Math.ceil(memoryBytesPerNode / 1024 ** 2)}mb`] : []),
    ...(constraint === null ? [] : [pbsWord('the constraint', constraint)]),
  ].join(':');
}

function pbsWord(what: string, word: string): string {
  if (/^[^\s'"#;,&|<>$`\\]+$/.test(oneLine(what, word))) return word;
  throw new DomainError('invalid', `${what} is ${JSON.stringify(word)}, which PBS cannot take`);
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function timeLeft(request: BatchRequest, nowMilliseconds: number): number {
  const { pilotId, options } = request;
  const walltimeSeconds = Math.ceil(request.walltimeSeconds / 60) * 60;
  if (options.endsBeforeAt === null) return walltimeSeconds;
  const leftSeconds = Math.floor((Date.parse(options.endsBeforeAt) - nowMilliseconds) / 1000);
  if (leftSeconds >= shortestSeconds) return Math.min(walltimeSeconds, leftSeconds);
  const what = `submitting ${pilotId}: it must have ended by ${options.endsBeforeAt}`;
  throw new DomainError('invalid', `${what}, which leaves it no time`);
}

function leaveWhenLate({ options }: BatchRequest): string[] {
  if (options.endsBeforeAt === null) return [];
  const endsBeforeSeconds = Math.floor(Date.parse(options.endsBeforeAt) / 1000);
  return [
    `if [ "$(date +%s)" -ge ${endsBeforeSeconds - shortestSeconds} ]; then`,
    `  echo 'it started too late to end by ${options.endsBeforeAt}' >&2`,
    '  exit 0',
    'fi',
  ];
}

/** PBS sends no signal ahead of the end; the script does, and is the pilot by then. */
function warn({ options }: BatchRequest, walltimeSeconds: number): string[] {
  const afterSeconds = walltimeSeconds - options.warnSeconds;
  if (options.warnSeconds === 0 || afterSeconds <= 0) return [];
  return [`( sleep ${afterSeconds}; kill -USR1 $$ ) < /dev/null > /dev/null 2>&1 &`];
}
