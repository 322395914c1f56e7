import { readFileSync, readdirSync } from 'node:fs';
import type { Facility } from '@interpulse/testing/facility/start-facility.ts';

/** Clock ticks of /proc in a second; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** What a house costs in which nothing happens. */
export interface IdleCost {
  requestsPerMinute: number;
  /** Of one core: hub, database, agents and pilots together. */
  cpuPercent: number;
}

/** Measures an idle facility for some seconds. */
export async function measureIdle(facility: Facility, seconds: number): Promise<IdleCost> {
  // What was under way ends first.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const requestsBefore = await readRequests(facility);
  const before = ticksOf(facility);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  // A process that came meanwhile counts whole; of one that went, what it had used is not known.
  const ticks = [...ticksOf(facility)].reduce(
    (sum, [pid, now]) => sum + now - (before.get(pid) ?? 0),
    0,
  );
  // The reading itself is one request.
  const requests = (await readRequests(facility)) - requestsBefore - 1;
  return {
    requestsPerMinute: (requests * 60) / seconds,
    cpuPercent: (100 * ticks) / ticksPerSecond / seconds,
  };
}

async function readRequests({ url, token }: Facility): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const text = await (await fetch(`${url}/api/v1/metrics`, { headers })).text();
  return Number(/^interpulse_http_requests_total (\d+)$/m.exec(text)?.[1]);
}

/** CPU ticks of the facility's processes and all their descendants, by process. */
function ticksOf(facility: Facility): Map<number, number> {
  const wanted = new Set([...facility.children.values()].map((child) => child.pid));
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
  // Children come after their parents in time, not always in number: go on until nothing is added.
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const { pid, parent, folder } of processes) {
      if (wanted.has(parent) || folder.startsWith(facility.folder)) wanted.add(pid);
    }
  }
  return new Map(processes.flatMap(({ pid, ticks }) => (wanted.has(pid) ? [[pid, ticks]] : [])));
}

function readStat(pid: number): { pid: number; parent: number; ticks: number; folder: string }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    // Pilots are detached from their agent; their environment names its folder.
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    const folder = /INTERPULSE_AGENT_ADDRESS=([^\0]*)/.exec(environment)?.[1] ?? '';
    return [{ pid, parent: Number(fields[1]), ticks, folder }];
  } catch {
    return [];
  }
}
