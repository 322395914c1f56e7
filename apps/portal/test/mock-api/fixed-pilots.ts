import type { Pilot } from '@interpulse/domain/pilot/pilot.ts';
import type { Site } from '@interpulse/domain/site/site.ts';
import { fromMilliseconds } from '@interpulse/domain/time.ts';
import { fixedId } from './shot-story.ts';

interface PilotPart {
  seed: number;
  pool: string;
  state: Pilot['state'];
  /** From the start of the world, in minutes. */
  created: number;
  started?: number;
  ends?: number;
  ended?: number;
  expected?: number;
  idleSince?: number;
  reason?: string;
  nodes?: number;
  preemptions?: number;
}

const alpha: PilotPart[] = [
  {
    seed: 1,
    pool: 'regular',
    state: 'submitted',
    created: -14,
    expected: 22,
    reason: 'waits in the batch queue: Priority',
    nodes: 2,
  },
  { seed: 2, pool: 'demand', state: 'running', created: -131, started: -130, ends: 350 },
  {
    seed: 3,
    pool: 'demand',
    state: 'running',
    created: -61,
    started: -60,
    ends: 420,
    idleSince: -2,
  },
  { seed: 4, pool: 'regular', state: 'running', created: -90, started: -70, ends: 170, nodes: 2 },
  { seed: 5, pool: 'regular', state: 'running', created: -90, started: -66, ends: 174, nodes: 2 },
  {
    seed: 6,
    pool: 'regular',
    state: 'running',
    created: -200,
    started: -31,
    ends: 209,
    nodes: 2,
    preemptions: 1,
    reason: 'requeued after a preemption',
  },
  {
    seed: 7,
    pool: 'preempt',
    state: 'ended',
    created: -300,
    started: -299,
    ends: 181,
    ended: -90,
    preemptions: 3,
    reason: 'left after 300 s without work',
  },
];

const beta: PilotPart[] = [
  { seed: 8, pool: 'gpu', state: 'running', created: -45, started: -40, ends: 440 },
];

const gamma: PilotPart[] = [
  {
    seed: 9,
    pool: 'batch',
    state: 'submitted',
    created: -70,
    expected: 41,
    reason: 'waits in the batch queue: Resources',
  },
  {
    seed: 10,
    pool: 'batch',
    state: 'submitted',
    created: -12,
    reason: 'waits in the batch queue: Priority',
  },
];

/** Pilots: running ones, some that wait in a batch queue, one that ended. */
export function makePilots(sites: Site[], startMilliseconds: number): Pilot[] {
  const parts: Record<string, PilotPart[]> = { alpha, beta, gamma };
  return sites.flatMap((site) =>
    (parts[site.name] ?? []).map((part) => pilotOf(site, part, startMilliseconds)),
  );
}

function pilotOf(site: Site, part: PilotPart, start: number): Pilot {
  const minutes = (count: number) => fromMilliseconds(start + count * 60_000);
  const when = (count: number | undefined) => (count === undefined ? null : minutes(count));
  const count = part.started === undefined ? 0 : (part.nodes ?? 1);
  const nodes = Array.from({ length: count }, (_, place) => ({
    host: `${site.name}-node-${String(15 + part.seed * 2 + place).padStart(3, '0')}`,
    cores: site.coresPerNode,
    gpus: 0,
    memoryBytes: 256e9,
  }));
  return {
    id: fixedId('pilot', start + part.seed, part.seed),
    siteId: site.id,
    siteName: site.name,
    state: part.state,
    reason: part.reason ?? null,
    pool: part.pool,
    batchJobId: String(88_000 + part.seed * 7),
    host: nodes[0]?.host ?? null,
    nodes,
    cores: count * site.coresPerNode,
    preemptions: part.preemptions ?? 0,
    walltimeSeconds: 8 * 3600,
    createdAt: minutes(part.created),
    expectedAt: when(part.expected),
    startedAt: when(part.started),
    endsAt: when(part.ends),
    idleSinceAt: when(part.idleSince),
    endedAt: when(part.ended),
  };
}
