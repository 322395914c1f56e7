import { poolShortage } from '../pilot/pool-shortage.ts';
import type { Pool } from '../site/site.ts';
import type { JobExplanation, SeenAround } from './explain-job.ts';
import { findStillborn } from './find-stillborn.ts';
import type { Job } from './job.ts';

/** Says which pools could take a job that is ready, and what they are waiting for. */
export function explainReady(
  job: Job,
  { pools, pilots, siteTrouble }: Omit<SeenAround, 'parents'>,
): JobExplanation {
  const site = job.siteName ?? 'its site';
  if (job.pilotId !== null) {
    return { summary: `A pilot at ${site} holds it and starts it next.`, unblock: null };
  }
  if (siteTrouble !== null) {
    const unblock = `What is wrong at ${site}; it goes elsewhere once another site can take it.`;
    return { summary: `Waits at ${site}, which takes no work now: ${siteTrouble}.`, unblock };
  }
  const asked = describeAsked(job);
  const suited = pools.filter((pool) => suits(pool, job));
  if (pools.length > 0 && suited.length === 0) {
    const but = 'but no pool there takes it any more.';
    const summary = `Waits at ${site} for a pilot with ${asked}, ${but}`;
    return { summary, unblock: 'A pool that takes it again, or cancel and retry it to move it.' };
  }
  const stillborn = findStillborn(pilots);
  const said = suited.map((pool) => describePool(pool, stillborn.get(pool.name)));
  const where = said.length === 0 ? '' : ` ${said.join(' ')}`;
  const waitsForQueue = suited.some(({ counts }) => counts.pilotsWaiting > 0);
  const queue = waitsForQueue ? 'A pilot that the batch system starts, a' : 'A';
  const others = 'a larger pool (`interpulse site pool`), or more urgency.';
  return {
    summary: `Waits at ${site} for a pilot with ${asked}.${where}`,
    unblock: `${queue} running job that ends, ${others}`,
  };
}

function describeAsked({ resources: { nodes, cores, gpus, memoryBytes } }: Job): string {
  const parts = [`${cores} free ${cores === 1 ? 'core' : 'cores'}`];
  if (gpus > 0) parts.push(`${gpus} free ${gpus > 1 ? 'GPUs' : 'GPU'}`);
  if (memoryBytes > 0) parts.push(`${Number((memoryBytes / 1024 ** 3).toFixed(1))} GiB of memory`);
  return parts.join(', ') + (nodes > 1 ? ` on each of ${nodes} nodes` : '');
}

function suits(pool: Pool, job: Job): boolean {
  const shape = {
    ...pool,
    maxNodes: pool.limits.nodesPerPilot,
    walltimeSeconds: pool.settings.walltimeSeconds,
  };
  return (
    pool.urgencies.includes(job.urgency) &&
    (job.allocation === null || job.allocation === pool.account) &&
    poolShortage(shape, job) === null
  );
}

function describePool(pool: Pool, trouble: string | undefined): string {
  const { name, settings, counts, queueWaitSeconds, reason } = pool;
  const { pilotsRunning, pilotsWaiting, coresBusy, coresTotal } = counts;
  const runs =
    pilotsRunning === 0
      ? 'no pilot runs'
      : `${coresBusy} of ${coresTotal} cores are busy in ${counted(pilotsRunning)}`;
  const took =
    queueWaitSeconds === null
      ? ''
      : ` (they took ${Math.round(queueWaitSeconds)} s to start lately)`;
  const parts = [
    runs,
    ...(pilotsWaiting > 0 ? [`${counted(pilotsWaiting)} queued${took}`] : []),
    ...(trouble === undefined ? [] : [`the last one did not start: ${trouble}`]),
    ...(settings.paused ? ['it is paused'] : []),
    ...(reason === null ? [] : [`planned: ${reason}`]),
  ];
  return `Pool ${name}: ${parts.join('; ')}.`;
}

function counted(pilots: number): string {
  return pilots === 1 ? '1 pilot' : `${pilots} pilots`;
}
