import { spawn } from 'node:child_process';
import type { OnProcessEnd, ProcessOrder, ProcessStarter } from './process-starter.ts';

/** Starts processes by Node's own means, where the system's cannot be called. */
export function plainStarter(onEnd: OnProcessEnd): ProcessStarter {
  return {
    isExact: false,
    start: ({ argv, cwd, environment, stdout, stderr }: ProcessOrder) => {
      const [program = '', ...words] = argv;
      const child = spawn(program, words, {
        cwd,
        env: environment,
        detached: true,
        stdio: ['ignore', stdout, stderr],
      });
      const { pid } = child;
      if (pid === undefined) {
        return new Promise<never>((_, reject) => child.once('error', reject));
      }
      child.on('error', () => undefined);
      child.once('exit', (exitCode, signal) => {
        onEnd(pid, { exitCode, signal, cpuSeconds: null, peakMemoryBytes: null });
      });
      return pid;
    },
  };
}
