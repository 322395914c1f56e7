import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StubPbsKind } from './stubs/stub-pbs.ts';
import type { StubSlurmRelease } from './stubs/stub-slurm.ts';

const program = fileURLToPath(new URL('stubs/main.ts', import.meta.url));
const slurmCommands = ['sbatch', 'squeue', 'scancel', 'sacct'];
const pbsCommands = ['qsub', 'qstat', 'qselect', 'qdel'];

/**
 * Writes commands into a folder that stand in for those of a batch system, run batch jobs for real
 * and answer in its words; answers the environment in which they are found.
 */
export function writeStubCommands(
  folder: string,
  kind: StubSlurmRelease | StubPbsKind,
): Record<string, string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const isSlurm = kind === '22.05' || kind === '24.11';
  const state = join(folder, 'jobs');
  for (const name of isSlurm ? slurmCommands : pbsCommands) {
    const words = [process.execPath, program, kind, state, name].map((word) => `'${word}'`);
    const path = join(bin, name);
    // Compiled once: a stand-in that starts slowly makes every test slow.
    const cache = `export NODE_COMPILE_CACHE='${join(folder, 'compiled')}'`;
    writeFileSync(path, `#!/bin/sh\n${cache}\nexec ${words.join(' ')} "$@"\n`);
    chmodSync(path, 0o755);
  }
  return { PATH: `${bin}:/usr/bin:/bin` };
}
