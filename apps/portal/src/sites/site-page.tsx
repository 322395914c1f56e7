import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText, TimeText } from '../parts/time-text.tsx';
import { CoresBusy } from './cores-busy.tsx';
import { SiteGate } from './site-gate.tsx';
import { SitePool } from './site-pool.tsx';
import classes from './site-page.module.css';

type Pilot = Schemas['Pilot'];

const route = getRouteApi('/sites/$site');

const columns: TableColumn<Pilot>[] = [
  {
    id: 'state',
    header: 'State',
    isMain: true,
    cell: (pilot) => <StatusMark status={pilot.state} />,
    sortBy: (pilot) => pilot.state,
  },
  { id: 'batch', header: 'Batch job', cell: (pilot) => pilot.batchJobId ?? '–' },
  { id: 'host', header: 'Host', cell: (pilot) => pilot.host ?? '–' },
  {
    id: 'cores',
    header: 'Cores',
    align: 'right',
    cell: (pilot) => pilot.cores,
    sortBy: (pilot) => pilot.cores,
  },
  {
    id: 'started',
    header: 'Started',
    cell: (pilot) => <TimeText at={pilot.startedAt} />,
    sortBy: (pilot) => pilot.startedAt ?? '',
  },
  { id: 'ends', header: 'Ends', cell: (pilot) => <TimeText at={pilot.endedAt ?? pilot.endsAt} /> },
  {
    id: 'idle',
    header: 'Work',
    cell: (pilot) => <Work pilot={pilot} />,
  },
  { id: 'reason', header: 'Why', isWide: true, cell: (pilot) => pilot.reason },
];

/** One site: how it stands, its pilots, and what its staff may change. */
export function SitePage() {
  const { site: name } = route.useParams();
  const site = useQuery(queries.site(name));
  const pilots = useQuery(queries.pilots(name));
  const { data: me } = useQuery(queries.me());
  if (site.isLoadingError)
    return <ProblemNotice error={site.error} onRetry={() => void site.refetch()} />;
  if (site.data === undefined) return <p className="ip-dim">…</p>;
  const isCompute = site.data.roles.includes('compute');
  return (
    <>
      <PageHeader title={site.data.title || name} above={<Link to="/sites">Sites</Link>}>
        {me?.admin && <SiteGate site={site.data} />}
      </PageHeader>
      <div className={classes.grid}>
        <section className="ip-panel">
          <h2>Status</h2>
          <SiteFacts site={site.data} />
        </section>
        {isCompute && (
          <section className="ip-panel">
            <h2>Load</h2>
            <CoresBusy site={site.data} />
            <FactList
              facts={[
                { name: 'Active', value: site.data.counts.active },
                { name: 'Ready', value: site.data.counts.ready },
                { name: 'Queued', value: site.data.counts.queued },
              ]}
            />
          </section>
        )}
        {isCompute && <SitePool site={site.data} canChange={me?.admin ?? false} />}
        {isCompute && (
          <section className={`ip-panel ${classes.wide}`}>
            <h2>Pilots</h2>
            {pilots.isLoadingError && <ProblemNotice error={pilots.error} />}
            <DataTable
              label="Pilots"
              columns={columns}
              rows={pilots.data?.items ?? []}
              rowKey={(pilot) => pilot.id}
              empty="No pilot yet."
            />
          </section>
        )}
      </div>
    </>
  );
}

function Work(props: { pilot: Pilot }) {
  if (props.pilot.state !== 'running') return '';
  if (props.pilot.idleSinceAt === null) return 'at work';
  return (
    <>
      idle since <TimeText at={props.pilot.idleSinceAt} />
    </>
  );
}

function coresWords(cores: number): string {
  return cores === 1 ? '1 core' : `${cores} cores`;
}

function SiteFacts(props: { site: Schemas['Site'] }) {
  const { site } = props;
  return (
    <FactList
      facts={[
        { name: 'Status', value: <StatusMark status={site.status} /> },
        { name: 'Why', value: site.statusReason },
        { name: 'Last seen', value: <AgeText at={site.seenAt} /> },
        { name: 'Name', value: site.name },
        { name: 'Roles', value: site.roles.join(', ') },
        { name: 'Batch system', value: site.batch },
        { name: 'Node', value: site.coresPerNode > 0 ? coresWords(site.coresPerNode) : null },
        { name: 'Collections', value: site.collections.join(', ') },
        { name: 'Scratch', value: site.scratchCollection },
        { name: 'Plain commands', value: site.allowsCommands ? 'allowed' : 'not allowed' },
      ]}
    />
  );
}
