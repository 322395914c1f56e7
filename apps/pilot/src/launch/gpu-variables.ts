import { existsSync } from 'node:fs';

const variables = ['CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES', 'ZE_AFFINITY_MASK'];

/**
 * The names by which programs on this machine learn their GPUs: those that the batch system has
 * set, else those of the maker whose driver is there. Never CUDA's and AMD's together: AMD's
 * runtime heeds both, and numbers the GPUs anew after the first.
 */
export function gpuVariablesHere(environment: NodeJS.ProcessEnv): string[] {
  const set = variables.filter((name) => (environment[name] ?? '') !== '');
  if (set.length > 0) return set;
  if (existsSync('/dev/kfd')) return ['ROCR_VISIBLE_DEVICES'];
  return ['CUDA_VISIBLE_DEVICES', 'ZE_AFFINITY_MASK'];
}
