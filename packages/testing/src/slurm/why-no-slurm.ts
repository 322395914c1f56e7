import { accessSync, constants } from 'node:fs';

const programs = [
  '/usr/sbin/slurmctld',
  '/usr/sbin/slurmd',
  '/usr/sbin/munged',
  '/usr/bin/sbatch',
  '/usr/bin/setpriv',
];

/** Why Slurm cannot be started on this machine, or false when it can: the `skip` of a test. */
export function whyNoSlurm(): string | false {
  const missing = programs.filter((path) => !isExecutable(path));
  if (missing.length > 0) {
    return `Slurm is not here: no ${missing.join(', ')} (apt install slurm-wlm munge)`;
  }
  // slurmd starts jobs as their owners, and takes part in nothing without that right.
  if (process.getuid?.() !== 0) return 'Slurm is started by root only, and this is not root';
  return false;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
