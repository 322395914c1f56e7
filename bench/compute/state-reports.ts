import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { until } from '@interpulse/testing/facility/until.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import { startBenchHub, type BenchHub } from './start-bench-hub.ts';

/** Reports in one message, as pilots send them when there are many. */
const reportsPerMessage = 500;
const scratch = 'bench-scratch';

/**
 * States of jobs that are taken in a second from an agent's session: each start and each end is
 * checked, fenced by attempt, and written with its event to a PostgreSQL server. All jobs start in
 * messages of their own, so that no two words of a job are written together.
 */
export async function measureStateReports({
  quick,
}: {
  quick: boolean;
}): Promise<{ state_reports_per_s: number }> {
  const hub = await startBenchHub({ database: 'server' });
  try {
    const jobs = quick ? limits.jobsPerSubmit : 3 * limits.jobsPerSubmit;
    const agent = await startAgent(hub, jobs);
    for (let left = jobs; left > 0; left -= limits.jobsPerSubmit) await submit(hub);
    await until('all leases', 120, async () => agent.leases.size >= jobs);
    const leases = [...agent.leases.values()];
    const messages = (['started', 'completed'] as const).flatMap((event) =>
      inPieces(leases).map((piece) => piece.map((lease) => report(agent, lease, event))),
    );
    const startedMs = performance.now();
    await Promise.all(messages.map((reports) => agent.sayJobs(...reports)));
    const seconds = (performance.now() - startedMs) / 1000;
    await expectCompleted(hub, jobs);
    agent.vanish();
    return { state_reports_per_s: (2 * jobs) / seconds };
  } finally {
    await hub.end();
  }
}

/** An agent with one pilot that holds everything at once. */
async function startAgent(hub: BenchHub, cores: number): Promise<FakeAgent> {
  const body = { site: 'bench' };
  const { code } = await unwrap(hub.client.POST('/api/v1/enrolment-codes', { body }));
  const identity = await unwrap(hub.client.POST('/api/v1/agents/enrol', { body: { code } }));
  const agent = new FakeAgent({
    url: hub.url,
    ...identity,
    pilotCores: cores,
    state: {
      compute: {
        batch: 'local',
        scratchCollection: scratch,
        allowsCommands: true,
        apps: { allow: 'templates', digests: [] },
        labels: [],
        launcher: null,
        pools: [poolOffer({ coresPerNode: cores })],
      },
      collections: [{ name: scratch, title: '', writable: true }],
    },
  });
  await agent.ready();
  await until('a pilot', 20, async () => agent.pilots.size > 0);
  return agent;
}

async function submit({ client }: BenchHub): Promise<void> {
  const jobs = Array.from({ length: limits.jobsPerSubmit }, () => ({}));
  const common = { command: ['true'], resources: { walltimeSeconds: 600 } };
  await unwrap(client.POST('/api/v1/jobs', { body: { common, jobs } }));
}

function inPieces<T>(all: readonly T[]): T[][] {
  const pieces: T[][] = [];
  for (let first = 0; first < all.length; first += reportsPerMessage) {
    pieces.push(all.slice(first, first + reportsPerMessage));
  }
  return pieces;
}

function report(
  agent: FakeAgent,
  lease: Lease & { pilotId: PilotId },
  event: 'started' | 'completed',
): JobReport {
  return agent.report(lease, event, { versions: { interpulse: '0.1.0', node: '24' } });
}

async function expectCompleted({ client }: BenchHub, jobs: number): Promise<void> {
  const { counts } = await unwrap(client.GET('/api/v1/jobs/counts', {}));
  if (counts.completed !== jobs) {
    throw new Error(`${counts.completed} of ${jobs} jobs are completed: ${JSON.stringify(counts)}`);
  }
}

if (import.meta.main) {
  console.log(await measureStateReports({ quick: process.argv.includes('--quick') }));
}
