import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText } from '../parts/time-text.tsx';
import { CoresBusy } from './cores-busy.tsx';
import { SiteGate } from './site-gate.tsx';
import { SiteLimits } from './site-limits.tsx';
import { SiteMaintenance } from './site-maintenance.tsx';
import { SitePilots } from './site-pilots.tsx';
import { SitePools } from './site-pools.tsx';
import { SiteStatusLine } from './site-status-line.tsx';
import { SiteUsage } from './site-usage.tsx';
import { SiteWork } from './site-work.tsx';
import classes from './site-page.module.css';

const route = getRouteApi('/sites/$site');

/** One site: how it stands and why, its use over time, its pools and pilots, its limits. */
export function SitePage() {
  const { site: name } = route.useParams();
  const { data: site, isLoadingError, error, refetch } = useQuery(queries.site(name));
  const { data: me } = useQuery(queries.me());
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (site === undefined) return <p className="ip-dim">…</p>;
  const isCompute = site.roles.includes('compute');
  const canChange = me?.admin ?? false;
  return (
    <>
      <PageHeader title={site.title || name} above={<Link to="/sites">Sites</Link>}>
        {canChange && <SiteGate site={site} />}
      </PageHeader>
      <div className="ip-stack">
        <div className={classes.grid}>
          <section className="ip-panel">
            <h2>Status</h2>
            <SiteStatusLine site={site} />
            <SiteFacts site={site} />
          </section>
          {isCompute && <Load site={site} />}
        </div>
        {isCompute && (
          <>
            <SitePools site={site} canChange={canChange} />
            <SiteUsage site={name} />
            <SitePilots key={name} site={name} />
            <div className={classes.halves}>
              <SiteWork site={name} />
              <div className="ip-stack">
                <SiteMaintenance site={site} canChange={canChange} />
                <SiteLimits site={name} canChange={canChange} />
              </div>
            </div>
          </>
        )}
      </div>
    </>
  );
}

function Load(props: { site: Schemas['Site'] }) {
  const { name, counts } = props.site;
  const jobs = (state: string, count: number) => (
    <Link to="/jobs" search={{ site: name, state }}>
      {formatCount(count)}
    </Link>
  );
  return (
    <section className="ip-panel">
      <h2>Load</h2>
      <CoresBusy site={props.site} />
      <FactList
        facts={[
          { name: 'Active', value: jobs('active', counts.active) },
          { name: 'Ready', value: jobs('ready', counts.ready) },
          { name: 'Queued', value: jobs('placed,stagingIn', counts.queued) },
          { name: 'Pilots', value: formatCount(counts.pilots) },
        ]}
      />
    </section>
  );
}

const policyWords = {
  templates: 'those without text for a shell, and listed ones',
  all: 'any',
  listed: 'only listed ones, by their digest',
} as const;

function SiteFacts(props: { site: Schemas['Site'] }) {
  const { site } = props;
  const isCompute = site.roles.includes('compute');
  const { data } = useQuery(queries.collections());
  const owners = new Map(data?.items.map(({ name, project }) => [name, project]));
  const collections = site.collections.map((name) => {
    const project = owners.get(name) ?? null;
    return project === null ? name : `${name} (project ${project})`;
  });
  return (
    <FactList
      inColumns
      facts={[
        { name: 'Status', value: <StatusMark status={site.status} /> },
        { name: 'Last seen', value: <AgeText at={site.seenAt} /> },
        { name: 'Name', value: site.name },
        { name: 'Labels', value: site.labels.join(', ') },
        { name: 'Roles', value: site.roles.join(', ') },
        { name: 'Batch system', value: site.batch },
        { name: 'Several ranks', value: isCompute ? (site.launcher ?? 'not possible') : null },
        { name: 'Apps', value: isCompute ? policyWords[site.apps.allow] : null },
        {
          name: 'Plain commands',
          value: isCompute ? (site.allowsCommands ? 'allowed' : 'not allowed') : null,
        },
        { name: 'Collections', value: collections.join(', ') },
        { name: 'Scratch', value: site.scratchCollection },
      ]}
    />
  );
}
