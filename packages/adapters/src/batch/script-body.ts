import { DomainError } from '@interpulse/domain/error.ts';
import type { BatchRequest } from './batch-system.ts';
import { oneLine, shellWord } from './shell-word.ts';

/** File in a batch job's folder that names the batch job which has become the pilot. */
export const startedFile = 'started';

/** What the script of a batch job does before it becomes the pilot. */
export interface ScriptBody {
  request: BatchRequest;
  /** Variable in which the batch system tells a batch job its id, such as `SLURM_JOB_ID`. */
  idVariable: string;
  /** Lines that are run before the environment is set. */
  before: readonly string[];
}

/**
 * What a batch job does: it becomes the command, in its folder, with the environment given and
 * what the batch system says of itself. Of two batch jobs of one pilot only the first becomes it:
 * so a submission that was cut off and repeated does no harm.
 */
export function scriptBody(body: ScriptBody): string[] {
  const { request, idVariable, before } = body;
  const { command, environment, folder } = request;
  return [
    `cd ${shellWord(oneLine('the folder', folder))} || exit 73`,
    ...before,
    'PATH=/usr/bin:/bin',
    'umask 077',
    `if ! (set -C; printf '%s\\n' "$${idVariable}" > ${startedFile}) 2>/dev/null; then`,
    `  first=; [ -r ${startedFile} ] && read -r first < ${startedFile}`,
    `  if [ "$first" != "$${idVariable}" ]; then`,
    `    echo "interpulse: batch job $first has taken this pilot, or $PWD is full" >&2`,
    '    exit 0',
    '  fi',
    'fi',
    ...forgetEnvironment,
    ...Object.entries(environment).map(([name, value]) => exportLine(name, value)),
    `exec ${command.map((word) => shellWord(word)).join(' ')}`,
    '',
  ];
}

/** What the batch system and the node say of the allocation stays: `srun` and `mpiexec` need it. */
const forgetEnvironment = [
  `for name in $(env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p'); do`,
  '  case $name in',
  // Of `--export`: with it the ranks that srun starts would know nothing of their environment.
  '    SLURM_EXPORT_ENV) unset "$name" ;;',
  '    SLURM_* | PBS_* | *_VISIBLE_DEVICES | GPU_DEVICE_ORDINAL | ZE_AFFINITY_MASK) ;;',
  // Bash has made these read-only.
  '    SHELLOPTS | BASHOPTS | UID | EUID | PPID) ;;',
  '    *) unset "$name" ;;',
  '  esac',
  'done',
];

function exportLine(name: string, value: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new DomainError('invalid', `no variable of a batch job can be named ${name}; rename it`);
  }
  return `export ${name}=${shellWord(value)}`;
}
