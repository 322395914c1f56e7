import { readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A program that no agent has called its own for so long goes, in milliseconds. */
const keptMs = 7 * 86_400_000;

const dayMs = 86_400_000;

/** Digests, and what was left half done: laid down, or removed. */
const ours = /^(?:[0-9a-f]{32}|\.new-.*|\.old-.*)$/;

/** Where pilots have their folders, and which program this agent's own pilots run. */
interface Programs {
  pilotsFolder: string;
  /** Its folder, among those of other agents and of earlier times. */
  folder: string;
}

/**
 * Removes programs that were laid down and that nobody needs: no agent says that it is its own, and
 * no pilot that is known of was started from it. Says of this one that it is needed. Gives the
 * names of what was removed.
 */
export async function removeOldPrograms(
  { pilotsFolder, folder }: Programs,
  nowMs: number,
): Promise<string[]> {
  await utimes(folder, nowMs / 1000, nowMs / 1000);
  const place = join(pilotsFolder, 'program');
  const isOld = async (path: string): Promise<boolean> => {
    const stats = await stat(path).catch(() => null);
    return stats !== null && nowMs - stats.mtimeMs > keptMs;
  };
  const removed: string[] = [];
  for (const name of await readdir(place)) {
    if (name === basename(folder) || !ours.test(name) || !(await isOld(join(place, name))))
      continue;
    if (await isNamed(pilotsFolder, name)) continue;
    const aside = name.startsWith('.') ? join(place, name) : join(place, `.old-${name}`);
    await rename(join(place, name), aside);
    // An agent may have begun to use it just now.
    if (!(await isOld(aside))) {
      await rename(aside, join(place, name));
      continue;
    }
    await rm(aside, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

/** Whether a pilot that is kept account of was started from the program of that name. */
async function isNamed(pilotsFolder: string, name: string): Promise<boolean> {
  for (const pilot of await readdir(pilotsFolder)) {
    if (!pilot.startsWith('pilot_')) continue;
    const commands = await Promise.all([
      text(join(pilotsFolder, pilot, 'script')),
      commandOf(join(pilotsFolder, pilot, 'process')),
    ]);
    if (commands.some((command) => command.includes(name))) return true;
  }
  return false;
}

/** The command line of a pilot of this machine. */
async function commandOf(note: string): Promise<string> {
  const [pid = ''] = (await text(note)).split('\n');
  return pid === '' ? '' : text(`/proc/${pid}/cmdline`);
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Does so now and every day, as long as this process lives. */
export function keepProgramsTidy(programs: Programs, onFault: (error: unknown) => void): void {
  const tidy = (): void => void removeOldPrograms(programs, Date.now()).catch(onFault);
  tidy();
  setInterval(tidy, dayMs).unref();
}
