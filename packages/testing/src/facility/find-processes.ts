import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine that has to do with a folder. */
export interface FoundProcess {
  pid: number;
  command: string;
}

/**
 * Processes whose command or environment names a folder: hub, agents, database, pilots and their
 * jobs, whoever started them and whether or not their parents live.
 */
export function findProcesses(folder: string): FoundProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = read(`/proc/${name}/cmdline`);
      const environment = read(`/proc/${name}/environ`);
      const state = /^State:\s+(\S)/m.exec(read(`/proc/${name}/status`))?.[1];
      if (state === 'Z' || !`${command}\0${environment}`.includes(folder)) return [];
      return [{ pid: Number(name), command: command.replaceAll('\0', ' ').trim() }];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended, or belongs to somebody else.
    return '';
  }
}
