import { unwrap } from '@interpulse/api/client/create-client.ts';
import { followEvents } from '../house/follow-events.ts';
import { percentile } from '../house/figures.ts';
import { startNoopFacility } from './noop-facility.ts';

/** From the client's request to its sight of the end, in milliseconds. */
export interface NoopLatency {
  noop_latency_ms_p50: number | null;
  /** From 1,000 jobs or more; null otherwise. */
  noop_latency_ms_p99: number | null;
}

/**
 * How long a job that does nothing takes at a warm pilot, one after the other: from before it is
 * submitted until the client has seen on its stream of events that it has completed.
 */
export async function measureNoopLatency({ quick }: { quick: boolean }): Promise<NoopLatency> {
  const jobs = quick ? 150 : 1500;
  const hub = await startNoopFacility();
  try {
    const events = await followEvents(hub.url, hub.token);
    const runOne = async (): Promise<number> => {
      const body = { jobs: [{ command: ['/bin/true'], resources: { walltimeSeconds: 60 } }] };
      const startedMs = performance.now();
      const { jobIds } = await unwrap(hub.client.POST('/api/v1/jobs', { body }));
      const [jobId] = jobIds;
      await events.next(({ kind, subjectId }) => kind === 'job.completed' && subjectId === jobId);
      return performance.now() - startedMs;
    };
    for (let warming = 0; warming < 20; warming += 1) await runOne();
    const samples: number[] = [];
    while (samples.length < jobs) samples.push(await runOne());
    events.close();
    return {
      noop_latency_ms_p50: percentile(samples, 0.5),
      noop_latency_ms_p99: percentile(samples, 0.99),
    };
  } finally {
    await hub.end();
  }
}

if (import.meta.main) {
  console.log(await measureNoopLatency({ quick: process.argv.includes('--quick') }));
}
