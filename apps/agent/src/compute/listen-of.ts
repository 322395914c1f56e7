import type { ComputeConfig } from '../config/compute-config.ts';

/** Where pilots connect: nodes of a batch system are other hosts, unless the site says no. */
export function listenOf(compute: ComputeConfig | null): ComputeConfig['listen'] {
  if (compute === null) return null;
  if (compute.listen !== undefined) return compute.listen;
  return compute.batch === 'local' ? null : { host: '0.0.0.0', port: 0 };
}
