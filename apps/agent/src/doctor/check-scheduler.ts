import { runCommand } from '@interpulse/adapters/batch/run-command.ts';
import { delimiter } from 'node:path';
import { schedulerEnvironment } from '../compute/open-batch.ts';
import { readPools, thisMachine } from '../compute/pools.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { check, findProgram, type Check } from './check.ts';

/** A command that takes longer hangs. */
const patienceSeconds = 10;

const kinds = {
  slurm: { commands: ['sbatch', 'squeue', 'scancel', 'sinfo'], version: ['sbatch', '--version'] },
  pbs: { commands: ['qsub', 'qstat', 'qdel'], version: ['qstat', '--version'] },
} as const;

/** Looks at the commands of the batch system, and at the queue of each pool. */
export function checkScheduler(compute: ComputeConfig): Promise<Check>[] {
  const { batch } = compute;
  if (batch === 'local') return [];
  const environment = schedulerEnvironment(compute, process.env);
  const run = (words: readonly [string, ...string[]]): Promise<string> => {
    return answerOf(words, environment);
  };
  const { commands, version } = kinds[batch];
  const fix = 'correct "compute.scheduler" in the configuration: commandFolder, environment';
  const found = check(`batch ${batch}`, fix, async () => {
    const folders = (environment['PATH'] ?? '').split(delimiter);
    const paths = await Promise.all(commands.map((name) => findProgram(name, folders)));
    return `${(await run(version)).trim()}: ${paths.join(', ')}`;
  });
  const pools = [...readPools(compute, thisMachine()).values()].map(({ offer }) => {
    const { name, queue, coresPerNode } = offer;
    const remedy = `correct the pool "${name}" in the configuration`;
    return check(`pool ${name}`, remedy, async () => {
      const said =
        batch === 'slurm'
          ? await askSlurm(run, queue, coresPerNode)
          : await askPbs(run, queue, coresPerNode);
      return `${said}; takes ${offer.urgencies.join(', ')}`;
    });
  });
  return [found, ...pools];
}

type Run = (words: readonly [string, ...string[]]) => Promise<string>;

async function askSlurm(run: Run, queue: string | null, cores: number): Promise<string> {
  const which = queue === null ? [] : [`--partition=${queue}`];
  const text = await run(['sinfo', '--noheader', '--format=%P|%a|%l|%c|%D', ...which]);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line) => line.trim().split('|')).filter(({ length }) => length === 5);
  if (rows.length === 0 && lines.length > 0) {
    throw new Error(`sinfo answered "${lines[0]}", which is no list of partitions; try it by hand`);
  }
  const row = queue === null ? rows.find(([name]) => name?.endsWith('*')) : rows[0];
  if (row === undefined) {
    const names = queue === null ? 'no default partition' : `no partition "${queue}"`;
    throw new Error(`there is ${names}; sinfo lists those that there are`);
  }
  const [name = '', available = '', limit = '', cpus = '0', nodes = '0'] = row;
  if (available !== 'up') throw new Error(`the partition ${name} is ${available}`);
  const largest = Math.max(...rows.map((each) => Number.parseInt(each[3] ?? '0', 10)));
  if (largest < cores) {
    throw new Error(`its nodes have ${largest} cores, the pool says coresPerNode ${cores}`);
  }
  return `partition ${name.replace('*', '')}: ${nodes} nodes of ${cpus} cores, limit ${limit}`;
}

async function askPbs(run: Run, queue: string | null, cores: number): Promise<string> {
  if (queue === null) return `default queue, ${cores} cores a node`;
  await run(['qstat', '-Q', queue]);
  return `queue ${queue}, ${cores} cores a node`;
}

async function answerOf(
  words: readonly [string, ...string[]],
  environment: Record<string, string | undefined>,
): Promise<string> {
  const purpose = words.join(' ');
  const answer = await runCommand({ purpose, words, environment, limitSeconds: patienceSeconds });
  if (answer.exitCode === 0) return answer.stdout;
  const said = answer.stderr.trim() || answer.stdout.trim() || `exit code ${answer.exitCode}`;
  throw new Error(`${purpose}: ${said}`);
}
