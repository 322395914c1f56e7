import type { Resources } from '../app/app.ts';
import { limits } from '../limits.ts';

/** What one pool has for a job: its nodes, and how many of them for how long. */
export interface PoolShape {
  coresPerNode: number;
  gpusPerNode: number;
  /** 0 when nobody knows. */
  memoryBytesPerNode: number;
  /** The most nodes of one pilot. */
  maxNodes: number;
  walltimeSeconds: number;
}

/** What a pool lacks for a job. */
export interface Shortage {
  /** How much is missing, relative to what there is: of two, the smaller one is nearer. */
  size: number;
  /** `has 8 cores a node, 9 asked for`. */
  text: string;
}

interface Asked {
  resources: Resources;
  /** It may start with less time than it asks for. */
  restartable: boolean;
}

/** What the pool lacks for such a job, or null when it could run there. */
export function poolShortage(pool: PoolShape, { resources, restartable }: Asked): Shortage | null {
  const { coresPerNode, gpusPerNode, memoryBytesPerNode, maxNodes, walltimeSeconds } = pool;
  const asked = resources;
  let size = 0;
  const lacks: string[] = [];
  const note = (has: number, wanted: number, text: string): void => {
    size += has > 0 ? wanted / has - 1 : wanted + 1;
    lacks.push(text);
  };
  if (asked.cores > coresPerNode) {
    note(coresPerNode, asked.cores, `has ${coresPerNode} cores a node, ${asked.cores} asked for`);
  }
  if (asked.gpus > gpusPerNode) {
    note(gpusPerNode, asked.gpus, `has ${gpusPerNode} GPUs a node, ${asked.gpus} asked for`);
  }
  if (memoryBytesPerNode > 0 && asked.memoryBytes > memoryBytesPerNode) {
    const [has, wanted] = [gibibytes(memoryBytesPerNode), gibibytes(asked.memoryBytes)];
    const text = `has ${has} of memory a node, ${wanted} asked for`;
    note(memoryBytesPerNode, asked.memoryBytes, text);
  }
  if (asked.nodes > maxNodes) {
    note(maxNodes, asked.nodes, `gives ${maxNodes} nodes to a pilot, ${asked.nodes} asked for`);
  }
  const usableSeconds = walltimeSeconds - limits.pilotMarginSeconds;
  if (!restartable && asked.walltimeSeconds > usableSeconds) {
    const text = `gives ${usableSeconds} s to a job, ${asked.walltimeSeconds} s asked for`;
    note(usableSeconds, asked.walltimeSeconds, text);
  }
  return lacks.length === 0 ? null : { size, text: lacks.join(' and ') };
}

function gibibytes(bytes: number): string {
  return `${Number((bytes / 1024 ** 3).toFixed(1))} GiB`;
}
