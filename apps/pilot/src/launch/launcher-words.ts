import type { Launcher } from '@interpulse/domain/site/site.ts';

/** Families of `mpiexec` with words of their own. */
export type MpiKind = 'openMpi' | 'hydra' | 'pals';

/** Where so many ranks shall run. */
export interface Ranks {
  hosts: readonly string[];
  ranksPerNode: number;
  coresPerRank: number;
  gpusPerNode: number;
}

/** The family of an `mpiexec`, by what it says when it is asked for its version. */
export function mpiKindOf(version: string): MpiKind {
  if (/open ?mpi|open-mpi|openrte|prrte/i.test(version)) return 'openMpi';
  return /\bPALS\b/i.test(version) ? 'pals' : 'hydra';
}

/** The words before a program that start its ranks on these nodes. */
export function launcherWords(launcher: Launcher, kind: MpiKind, ranks: Ranks): string[] {
  return launcher === 'srun' ? srunWords(ranks) : mpiexecWords(kind, ranks);
}

/**
 * `--overlap`: the nodes are the pilot's already, and it alone decides who shares them. A rank
 * that fails ends the others. Memory is all of the job's: the pilot has counted it.
 */
function srunWords({ hosts, ranksPerNode, coresPerRank, gpusPerNode }: Ranks): string[] {
  return [
    'srun',
    '--overlap',
    `--nodes=${hosts.length}`,
    `--ntasks=${hosts.length * ranksPerNode}`,
    `--ntasks-per-node=${ranksPerNode}`,
    `--cpus-per-task=${coresPerRank}`,
    `--nodelist=${hosts.join(',')}`,
    '--mem=0',
    '--kill-on-bad-exit=1',
    ...(hosts.length > 1 && gpusPerNode > 0 ? [`--gpus-per-node=${gpusPerNode}`] : []),
  ];
}

function mpiexecWords(kind: MpiKind, { hosts, ranksPerNode, coresPerRank }: Ranks): string[] {
  const all = ['mpiexec', '-n', String(hosts.length * ranksPerNode)];
  const each = String(ranksPerNode);
  switch (kind) {
    case 'openMpi': {
      const slots = hosts.map((host) => `${host}:${each}`).join(',');
      const map = `ppr:${each}:node:PE=${coresPerRank}`;
      return [...all, '--host', slots, '--map-by', map];
    }
    case 'pals':
      return [
        ...all,
        ...['--ppn', each, '--depth', String(coresPerRank), '--cpu-bind', 'depth'],
        ...['--hosts', hosts.join(',')],
      ];
    case 'hydra':
      return [...all, '-ppn', each, '-hosts', hosts.join(',')];
  }
}

/** The words that start a program once on another node, when the site says nothing else. */
export function nodeStartWords(launcher: Launcher): string[] {
  return launcher === 'srun'
    ? [
        ...['srun', '--overlap', '--nodes=1', '--ntasks=1', '--nodelist={host}'],
        ...['--cpus-per-task={cores}', '--mem=0', '--cpu-bind=none', '--quiet'],
      ]
    : ['mpiexec', '-n', '1', '--host', '{host}'];
}
