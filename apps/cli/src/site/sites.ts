import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { duration, localTime, span } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';

/** `site list`. */
export async function listSites(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/sites', { params: { query } })),
    (sites) => ({
      columns: ['site', 'status', 'roles', 'cores busy', 'pilots', 'queued', 'active', 'why'],
      rows: sites.map((site) => [
        site.name,
        site.status,
        site.roles.join(', '),
        site.roles.includes('compute') ? coresOf(site) : null,
        site.counts.pilots,
        site.counts.queued + site.counts.ready,
        site.counts.active,
        site.statusReason,
      ]),
      empty: 'no sites yet; add one with: interpulse site add NAME',
    }),
  );
}

function coresOf({ counts }: Schemas['Site']): string {
  return `${counts.coresBusy} of ${counts.coresTotal}`;
}

/** A site as fields; also what a change of it prints. */
export function renderSite(site: Schemas['Site'], nowAt: string): string {
  const { counts } = site;
  const fields = renderFields([
    ['site', site.title === '' ? site.name : `${site.name} (${site.title})`],
    ['status', site.status],
    ['why', site.statusReason],
    ['heard of', site.seenAt === null ? 'never' : `${span(site.seenAt, null, nowAt)} ago`],
    ['roles', site.roles.join(', ')],
    ['batch system', site.batch],
    ['labels', site.labels.join(', ')],
    ['several ranks', site.launcher === null ? 'not possible' : `by ${site.launcher}`],
    ['cores of a node', site.coresPerNode],
    ['cores busy', coresOf(site)],
    ['collections', site.collections.join(', ')],
    ['plain commands', site.allowsCommands ? 'allowed' : 'not allowed'],
    ['apps', appsOf(site)],
    ['resting until', localTime(site.restingUntil, nowAt)],
    ...site.maintenance.map(({ id, startsAt, endsAt, reason }) => {
      const when = `${localTime(startsAt, nowAt)} to ${localTime(endsAt, nowAt)}`;
      return ['maintenance', `${when}: ${reason} (${id})`] as const;
    }),
    ['jobs', `${counts.queued} queued, ${counts.ready} ready, ${counts.active} active`],
  ]);
  return site.pools.length === 0 ? fields : `${fields}\n\n${renderPools(site.pools)}`;
}

function appsOf({ apps }: Schemas['Site']): string {
  const listed = `${apps.digests.length} listed by digest`;
  if (apps.allow === 'all') return 'all';
  return apps.allow === 'listed' ? listed : `those without text for a shell, and ${listed}`;
}

function renderPools(pools: Schemas['Site']['pools']): string {
  return renderTable({
    columns: ['pool', 'queue', 'takes', 'warm', 'most', 'pilot', 'run', 'wait', 'cores', 'why'],
    rows: pools.map(({ name, queue, urgencies, settings, counts, reason }) => [
      name,
      queue,
      urgencies.join(', '),
      settings.minWarm,
      settings.maxPilots,
      `${settings.nodesPerPilot} node(s), ${duration(settings.walltimeSeconds)}`,
      counts.pilotsRunning,
      counts.pilotsWaiting,
      `${counts.coresBusy} of ${counts.coresTotal}`,
      settings.paused ? 'paused' : reason,
    ]),
    empty: '',
  });
}

/** `site show`. */
export async function showSite(context: Context, site: string): Promise<void> {
  const params = { path: { site } };
  const found = await unwrap(context.client.GET('/api/v1/sites/{site}', { params }));
  context.out.document(found, () => renderSite(found, context.nowAt));
}

/** `site add`: an enrolment code, and what to do with it. */
export async function addSite(context: Context, site: string): Promise<void> {
  const made = await unwrap(context.client.POST('/api/v1/enrolment-codes', { body: { site } }));
  const { url } = context.connection;
  context.out.document(made, () =>
    [
      `At ${site}, before ${localTime(made.expiresAt, context.nowAt)}:`,
      `  interpulse agent enrol --hub ${url} --code ${made.code} --folder FOLDER`,
    ].join('\n'),
  );
}
