import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatSpan } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import { formatCount } from '../format/quantity.ts';

type Site = Schemas['Site'];
type Pool = Schemas['Pool'];

/** How a site stands, in a sentence, and whether somebody should look after it. */
export interface SiteSentence {
  words: string;
  tone: 'plain' | 'late';
}

/**
 * Why a site runs what it runs, or why nothing runs: the first thing that is in the way. Null for a
 * site that does not compute.
 */
export function siteSentence(site: Site, nowMilliseconds: number): SiteSentence | null {
  if (!site.roles.includes('compute')) return null;
  return obstacle(site, nowMilliseconds) ?? waitingWords(site) ?? workWords(site, nowMilliseconds);
}

/** What keeps all new work away. */
function obstacle(site: Site, now: number): SiteSentence | null {
  const late = (words: string): SiteSentence => ({ words, tone: 'late' });
  const why = site.statusReason === null ? '' : `: ${site.statusReason}`;
  if (site.status === 'silent') return late(`Its agent is not heard of${why}.`);
  if (site.status === 'closed') return late(`Closed${why}. Nothing new is placed here.`);
  const window = site.maintenance.find(
    ({ startsAt, endsAt }) => Date.parse(startsAt) <= now && Date.parse(endsAt) > now,
  );
  if (window !== undefined) {
    const until = formatInstant(window.endsAt, now);
    return late(`In maintenance until ${until}: ${window.reason}.`);
  }
  if (site.restingUntil !== null && Date.parse(site.restingUntil) > now) {
    const until = formatInstant(site.restingUntil, now);
    return late(`Work is placed elsewhere until ${until}${why || ': it failed here of late'}.`);
  }
  if (site.pools.length === 0) return late('It has no pool: no pilot can be started.');
  return null;
}

/** Jobs are ready and none runs: what they wait for. */
function waitingWords(site: Site): SiteSentence | null {
  const { ready, active } = site.counts;
  if (ready === 0 || active > 0) return null;
  const jobs = `${jobWords(ready)} ${ready === 1 ? 'is' : 'are'} ready`;
  const late = (words: string): SiteSentence => ({ words: `${jobs}: ${words}.`, tone: 'late' });
  if (site.pools.every((pool) => pool.settings.paused)) return late('all pools are paused');
  const running = sum(site.pools, (pool) => pool.counts.pilotsRunning);
  if (running > 0) return late('running pilots have no room for them, or begin now');
  const waiting = sum(site.pools, (pool) => pool.counts.pilotsWaiting);
  if (waiting === 0) return late(poolReason(site.pools) ?? 'no pilot is wanted');
  const pilots = waiting === 1 ? '1 pilot waits' : `${waiting} pilots wait`;
  const seen = site.pools.flatMap((pool) => pool.queueWaitSeconds ?? []);
  const usual = seen.length === 0 ? '' : ` (${formatSpan(round(Math.min(...seen)))} as last seen)`;
  return late(`${pilots} in the batch queue${usual}`);
}

/** What runs, or that nothing has to. */
function workWords(site: Site, now: number): SiteSentence {
  const { active, ready, coresBusy, coresTotal } = site.counts;
  const next = site.maintenance.find(({ startsAt }) => Date.parse(startsAt) > now);
  const announced =
    next === undefined ? '' : ` Maintenance begins ${formatInstant(next.startsAt, now)}.`;
  const plain = (words: string): SiteSentence => ({ words: `${words}${announced}`, tone: 'plain' });
  if (active > 0) {
    const behind = ready > 0 ? `; ${jobWords(ready)} ready behind them` : '';
    const cores = `${formatCount(coresBusy)} of ${coreWords(coresTotal)}`;
    const runs = active === 1 ? 'runs' : 'run';
    return plain(`${jobWords(active)} ${runs} on ${cores}${behind}.`);
  }
  if (coresTotal > 0) {
    const idle = coresTotal === 1 ? '1 warm core is' : `${formatCount(coresTotal)} warm cores are`;
    return plain(`Nothing is placed here: ${idle} idle.`);
  }
  return plain('Nothing is placed here, and no pilot runs.');
}

function poolReason(pools: Pool[]): string | null {
  return pools.find((pool) => !pool.settings.paused && pool.reason !== null)?.reason ?? null;
}

function sum(pools: Pool[], pick: (pool: Pool) => number): number {
  return pools.reduce((total, pool) => total + pick(pool), 0);
}

function jobWords(count: number): string {
  return count === 1 ? '1 job' : `${formatCount(count)} jobs`;
}

function coreWords(count: number): string {
  return count === 1 ? '1 core' : `${formatCount(count)} cores`;
}

/** A wait that was seen is no promise: two digits. */
function round(seconds: number): number {
  return Number(seconds.toPrecision(2));
}
