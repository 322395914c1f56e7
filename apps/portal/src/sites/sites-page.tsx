import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText } from '../parts/time-text.tsx';
import { CoresBusy } from './cores-busy.tsx';
import { SiteStatusLine } from './site-status-line.tsx';
import classes from './sites-page.module.css';

/** Sites: which take work, how busy they are, what waits there and why. */
export function SitesPage() {
  const { data, isLoadingError, error, refetch } = useQuery(queries.sites());
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <PageHeader title="Sites" />
      {data.items.length === 0 && (
        <p className="ip-panel">
          No site has an agent yet. <code>interpulse agent enrol</code> on a machine of the site
          brings the first.
        </p>
      )}
      <div className={classes.sites}>
        {data.items.map((site) => (
          <SiteCard key={site.id} site={site} />
        ))}
      </div>
    </>
  );
}

function SiteCard(props: { site: Schemas['Site'] }) {
  const { site } = props;
  const isCompute = site.roles.includes('compute');
  return (
    <article className="ip-panel" data-status={site.status}>
      <div className={classes.head}>
        <h2>
          <Link to="/sites/$site" params={{ site: site.name }}>
            {site.name}
          </Link>
        </h2>
        <StatusMark status={site.status} />
      </div>
      <p className={classes.title}>{site.title}</p>
      <SiteStatusLine site={site} />
      {isCompute && <CoresBusy site={site} />}
      {isCompute && <Pools pools={site.pools} />}
      <FactList
        facts={[
          { name: 'Jobs', value: isCompute ? jobWords(site.counts) : null },
          { name: 'Batch system', value: site.batch },
          { name: 'Labels', value: site.labels.join(', ') },
          { name: 'Roles', value: isCompute ? null : site.roles.join(', ') },
          { name: 'Collections', value: site.collections.join(', ') },
          { name: 'Last seen', value: <AgeText at={site.seenAt} /> },
        ]}
      />
    </article>
  );
}

function Pools(props: { pools: Schemas['Pool'][] }) {
  return (
    <ul className={classes.pools} aria-label="Pools">
      {props.pools.map((pool) => (
        <li key={pool.name}>
          <b>{pool.name}</b>
          <span>{pilotWords(pool)}</span>
          {pool.reason !== null && <small>{pool.reason}</small>}
        </li>
      ))}
    </ul>
  );
}

function jobWords(counts: Schemas['Site']['counts']): string {
  const { active, ready, queued } = counts;
  const [first, second, third] = [active, ready, queued].map(formatCount);
  return `${first} active, ${second} ready, ${third} queued`;
}

function pilotWords(pool: Schemas['Pool']): string {
  const { pilotsRunning, pilotsWaiting } = pool.counts;
  const waiting = pilotsWaiting > 0 ? `, ${pilotsWaiting} in the queue` : '';
  const paused = pool.settings.paused ? ', paused' : '';
  return `${pilotsRunning} of at most ${pool.settings.maxPilots} pilots${waiting}${paused}`;
}
