import { readFile } from 'node:fs/promises';

/** Which process it was: a number alone is given to others after a while. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks from boot to its start; null where the system does not tell. */
  startTicks: string | null;
  /** Of the boot in which it ran; null where the system does not tell. */
  bootId: string | null;
}

const bootIdPath = '/proc/sys/kernel/random/boot_id';

/** Reads `/proc/PID/stat`: state letter and start time (see proc(5), fields 3 and 22). */
export function parseStat(stat: string): { state: string; startTicks: string } | null {
  // The command's name, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === undefined || startTicks === undefined ? null : { state, startTicks };
}

/** The id of this boot, or null. */
export async function readBootId(): Promise<string | null> {
  return readFile(bootIdPath, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/** Which process this one is. */
export async function readOwnIdentity(): Promise<ProcessIdentity> {
  const text = await readFile('/proc/self/stat', 'utf8').catch(() => null);
  const stat = text === null ? null : parseStat(text);
  return { pid: process.pid, bootId: await readBootId(), startTicks: stat?.startTicks ?? null };
}

/** Whether this very process still runs; one that has ended and was not waited for does not. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const { pid, startTicks, bootId } = identity;
  if (startTicks === null) return acceptsSignals(pid);
  if (bootId !== (await readBootId())) return false;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  const stat = text === null ? null : parseStat(text);
  if (stat === null) return false;
  return stat.startTicks === startTicks && stat.state !== 'Z' && stat.state !== 'X';
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
