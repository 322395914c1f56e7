import { readdirSync, readFileSync } from 'node:fs';

/** What the processes of one session use. */
export interface SessionSample {
  memoryBytes: number;
  cpuSeconds: number;
}

/** Linux counts CPU time in hundredths of a second for all programs. */
const ticksPerSecond = 100;
const pageBytes = 4096;
/** Places in `/proc/PID/stat`, counted from what follows the name in parentheses. */
const place = { session: 3, userTicks: 11, systemTicks: 12, residentPages: 21 };

/** Adds up what all processes use, by session; empty where the system has no `/proc`. */
export function sampleSessions(): Map<number, SessionSample> {
  const samples = new Map<number, SessionSample>();
  for (const name of listProcesses()) {
    const used = sampleProcess(name);
    if (used === null) continue;
    const sample = samples.get(used.session) ?? { memoryBytes: 0, cpuSeconds: 0 };
    sample.memoryBytes += used.memoryBytes;
    sample.cpuSeconds += used.cpuSeconds;
    samples.set(used.session, sample);
  }
  return samples;
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d/.test(name));
  } catch {
    return [];
  }
}

/** What one process uses, and the session that it belongs to; null when it is gone. */
export function sampleProcess(name: string): (SessionSample & { session: number }) | null {
  const fields = readFields(name);
  if (fields === null) return null;
  const [session, user, system, pages] = fields;
  const cpuSeconds = (user + system) / ticksPerSecond;
  return { session, cpuSeconds, memoryBytes: pages * pageBytes };
}

function readFields(name: string): [number, number, number, number] | null {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const { session, userTicks, systemTicks, residentPages } = place;
    const [a, b, c, d] = [session, userTicks, systemTicks, residentPages].map((at) =>
      Number(fields[at]),
    );
    return [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
  } catch {
    return null;
  }
}
