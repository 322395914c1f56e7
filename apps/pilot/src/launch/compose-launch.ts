import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { Launcher } from '@interpulse/domain/site/site.ts';
import type { PilotNode } from '../nodes/pilot-node.ts';
import type { NodeSeat } from '../packing/node-room.ts';
import { bashWords } from './bash-words.ts';
import { launcherWords, type MpiKind } from './launcher-words.ts';

/** What a pilot knows besides a task when it starts it. */
export interface LaunchGround {
  launcher: Launcher | null;
  /** Which words `mpiexec` takes. */
  mpiKind: MpiKind;
  nodes: readonly PilotNode[];
  seats: readonly NodeSeat[];
  /** The names by which programs learn their GPUs here. */
  gpuVariables: readonly string[];
}

/** A task as a spawner starts it. */
export interface Launch {
  argv: string[];
  /** Besides what every task inherits. */
  environment: Record<string, string>;
  hosts: string[];
}

type LaunchTask = Pick<
  Task,
  'jobId' | 'attempt' | 'argv' | 'preamble' | 'pre' | 'post' | 'environment' | 'resources'
>;

/** Whether something other than the spawner has to start its processes. */
export function needsLauncher({ resources }: Pick<Task, 'resources'>): boolean {
  return resources.nodes > 1 || resources.ranksPerNode > 1;
}

/** Composes command and environment of a task that has been given its nodes. */
export function composeLaunch(task: LaunchTask, ground: LaunchGround): Launch {
  const { seats, nodes, launcher } = ground;
  const { resources } = task;
  const hosts = seats.map(({ node }) => nodes[node]?.host ?? '');
  const gpus = gpuEnvironment(ground);
  const coresPerRank = Math.max(1, Math.floor(resources.cores / resources.ranksPerNode));
  const environment = {
    OMP_NUM_THREADS: String(resources.threadsPerRank || coresPerRank),
    ...task.environment,
    ...gpus,
    INTERPULSE_JOB_ID: task.jobId,
    INTERPULSE_ATTEMPT: String(task.attempt),
    INTERPULSE_CORES: String(resources.cores),
    INTERPULSE_HOSTS: hosts.join(','),
  };
  const program = needsLauncher(task)
    ? [
        ...launcherWords(launcher ?? 'mpiexec', ground.mpiKind, {
          hosts,
          ranksPerNode: resources.ranksPerNode,
          coresPerRank,
          gpusPerNode: Math.floor(resources.gpus),
        }),
        // Launchers set these anew; the GPUs that were given to this task are others.
        ...envWords(seats.length === 1 ? gpus : {}),
        ...task.argv,
      ]
    : [...task.argv];
  return { argv: bashWords({ ...task, program }), environment, hosts };
}

function envWords(variables: Record<string, string>): string[] {
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? [] : ['env', ...words];
}

/** Programs see the GPUs that they were given, and no others. */
function gpuEnvironment({ nodes, seats, gpuVariables }: LaunchGround): Record<string, string> {
  const [seat] = seats;
  const known = seat === undefined ? [] : (nodes[seat.node]?.gpuIds ?? []);
  if (seat === undefined || known.length === 0) return {};
  const ids = seat.gpus.map(({ gpu }) => known[gpu] ?? String(gpu)).join(',');
  return Object.fromEntries(gpuVariables.map((name) => [name, ids]));
}
