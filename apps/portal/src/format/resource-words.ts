import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatSpan } from './duration.ts';
import { formatBytes } from './quantity.ts';

type Resources = Schemas['Job']['resources'];

/** What a job asks of a site, in words: `2 nodes of 64 cores, 8 ranks each, up to 1 h`. */
export function resourceWords(resources: Resources): string {
  const { nodes, cores, gpus, ranksPerNode, threadsPerRank, memoryBytes, walltimeSeconds } =
    resources;
  const coreWords = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  const each = nodes > 1 ? ' each' : '';
  return [
    nodes > 1 ? `${nodes} nodes of ${coreWords}` : coreWords,
    ranksPerNode > 1 ? `${ranksPerNode} ranks${each}` : '',
    threadsPerRank > 0 ? `${threadsPerRank} threads a rank` : '',
    gpus > 0 ? `${gpuWords(gpus)}${each}` : '',
    memoryBytes > 0 ? `${formatBytes(memoryBytes)}${each}` : '',
    walltimeSeconds > 0 ? `up to ${formatSpan(walltimeSeconds)}` : '',
  ]
    .filter((word) => word !== '')
    .join(', ');
}

function gpuWords(gpus: number): string {
  if (gpus < 1) return `${gpus} of a GPU`;
  return gpus === 1 ? '1 GPU' : `${gpus} GPUs`;
}

const changeNames: Record<string, string> = {
  nodes: 'nodes',
  ranksPerNode: 'ranks per node',
  cores: 'cores',
  threadsPerRank: 'threads a rank',
  gpus: 'GPUs',
};

function changeWords(name: string, value: number): string {
  if (name === 'walltimeSeconds') return `a walltime of ${formatSpan(value)}`;
  if (name === 'memoryBytes') return `${formatBytes(value)} of memory`;
  return `${value} ${changeNames[name] ?? name}`;
}

/** What is done after a bad end: `2 more attempts, the first after 10 s`; empty for nothing. */
export function retryWords(rule: Schemas['Job']['onError']): string {
  const { retries, delaySeconds, backoffRate, exitCodes, resources } = rule;
  if (retries === 0) return '';
  const changed = Object.entries(resources).filter(([, value]) => value !== undefined);
  return [
    retries === 1 ? '1 more attempt' : `up to ${retries} more attempts`,
    delaySeconds > 0 ? `the first after ${formatSpan(delaySeconds)}` : '',
    delaySeconds > 0 && retries > 1 && backoffRate !== 1 ? `then ×${backoffRate}` : '',
    exitCodes === undefined ? '' : `only after exit code ${exitCodes.join(', ')}`,
    changed.length > 0
      ? `with ${changed.map(([name, value]) => changeWords(name, value)).join(', ')}`
      : '',
  ]
    .filter((word) => word !== '')
    .join(', ');
}
