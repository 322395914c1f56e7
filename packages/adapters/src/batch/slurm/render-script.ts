import { DomainError } from '@interpulse/domain/error.ts';
import type { BatchRequest } from '../batch-system.ts';
import { scriptBody } from '../script-body.ts';
import { oneLine } from '../shell-word.ts';

/**
 * Writes the script that `sbatch` takes for a request. It holds secrets of the environment.
 *
 * @throws DomainError `invalid` when it cannot be done, or not before it must have ended.
 */
export function renderScript(request: BatchRequest, nowMilliseconds: number): string {
  const options = slurmOptions(request, nowMilliseconds).map(
    ([name, value]) => `#SBATCH --${name}${value === null ? '' : `=${slurmWord(name, value)}`}`,
  );
  const directives = request.options.directives.map(
    (line) => `#SBATCH ${oneLine('a directive', line)}`,
  );
  const body = scriptBody({ request, idVariable: 'SLURM_JOB_ID', before: [] });
  // The site's own directives come last: the last word counts.
  return ['#!/bin/sh', ...options, ...directives, '', ...body].join('\n');
}

type SlurmOption = [name: string, value: string | null];

function slurmOptions(request: BatchRequest, nowMilliseconds: number): SlurmOption[] {
  const { pilotId, nodes, walltimeSeconds, folder, options } = request;
  // Slurm takes backslashes out of the names of files, however they are quoted.
  if (folder.includes('\\')) {
    const what = `submitting ${pilotId}: its folder ${folder} holds a backslash`;
    throw new DomainError('invalid', `${what}, which Slurm cannot take; give the agent another`);
  }
  // `%` begins a replacement in the names of files.
  const file = (name: string): string => `${folder}/${name}`.replaceAll('%', '%%');
  const where: SlurmOption[] = [
    ['partition', options.queue],
    ['account', options.account],
    ['qos', options.qos],
    ['reservation', options.reservation],
    ['constraint', options.constraint],
  ];
  return [
    ['job-name', pilotId],
    ['chdir', folder],
    ['output', file('stdout')],
    ['error', file('stderr')],
    // A second attempt would overwrite what the first has written.
    ['open-mode', 'append'],
    ['export', 'NIL'],
    ['nodes', String(nodes)],
    ['ntasks', String(nodes)],
    ...nodeOptions(request),
    ['time', String(Math.ceil(walltimeSeconds / 60))],
    [options.requeue ? 'requeue' : 'no-requeue', null],
    ...where.filter(([, value]) => value !== null),
    ...(options.warnSeconds > 0
      ? [['signal', `B:USR1@${options.warnSeconds}`] satisfies SlurmOption]
      : []),
    ...deadline(request, nowMilliseconds),
  ];
}

function nodeOptions({ options }: BatchRequest): SlurmOption[] {
  const { coresPerNode, gpusPerNode, memoryBytesPerNode } = options;
  const isWhole = coresPerNode === 0;
  const memory = memoryBytesPerNode > 0 ? `${Math.ceil(memoryBytesPerNode / 1024 ** 2)}M` : null;
  return [
    isWhole ? ['exclusive', null] : ['cpus-per-task', String(coresPerNode)],
    ...(gpusPerNode > 0 ? [['gres', `gpu:${gpusPerNode}`] satisfies SlurmOption] : []),
    // A whole node has the partition's default memory unless all of it is asked for.
    ...(isWhole || memory !== null ? [['mem', memory ?? '0'] satisfies SlurmOption] : []),
  ];
}

function deadline(request: BatchRequest, nowMilliseconds: number): SlurmOption[] {
  const { pilotId, walltimeSeconds, options } = request;
  if (options.endsBeforeAt === null) return [];
  if (nowMilliseconds + walltimeSeconds * 1000 > Date.parse(options.endsBeforeAt)) {
    const what = `submitting ${pilotId}: it would run for ${walltimeSeconds} s`;
    throw new DomainError('invalid', `${what} and must have ended by ${options.endsBeforeAt}`);
  }
  // Read in the time zone of sbatch, which runs with TZ=UTC.
  return [['deadline', new Date(options.endsBeforeAt).toISOString().slice(0, 19)]];
}

/** sbatch reads quotes and backslashes nearly as a shell does, and `#` as the end. */
function slurmWord(name: string, value: string): string {
  oneLine(`the option ${name}`, value);
  if (/^[\w.,:/@%+=&|*()[\]-]+$/.test(value)) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
