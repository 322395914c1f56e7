import { useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { LimitForm } from './limit-form.tsx';

type Limit = Schemas['PlacementLimit'] & { jobs: number; cores: number };

const columns: TableColumn<Limit>[] = [
  { id: 'for', header: 'For', isMain: true, cell: (limit) => scopeWords(limit) },
  {
    id: 'jobs',
    header: 'Jobs',
    align: 'right',
    cell: (limit) => <Use used={limit.jobs} most={limit.maxJobs} />,
  },
  {
    id: 'cores',
    header: 'Cores',
    align: 'right',
    cell: (limit) => <Use used={limit.cores} most={limit.maxCores} />,
  },
];

/** What may be placed at a site at a time; administrators set and remove limits. */
export function SiteLimits(props: { site: string; canChange: boolean }) {
  const { site, canChange } = props;
  const queryClient = useQueryClient();
  const { data, isLoadingError, error } = useQuery(queries.limits());
  const rows = data?.items.filter((limit) => limit.site === null || limit.site === site) ?? [];
  const refresh = () => queryClient.invalidateQueries({ queryKey: queries.limits().queryKey });
  const remove = async (limit: Limit) => {
    const scope = Object.entries({ project: limit.project, site: limit.site, app: limit.app });
    const query = Object.fromEntries(scope.filter(([, value]) => value !== null));
    await unwrap(hub.DELETE('/api/v1/placement-limits', { params: { query } }));
    await refresh();
  };
  const change: TableColumn<Limit> = {
    id: 'remove',
    header: '',
    isNarrow: true,
    cell: (limit) => (
      <ConfirmButton
        label="Remove"
        question={`The limit for ${scopeWords(limit)} no longer holds.`}
        confirm="Remove limit"
        size="xs"
        onConfirm={() => remove(limit)}
      />
    ),
  };
  return (
    <section className="ip-panel">
      <h2>Limits of what is placed here at a time</h2>
      {isLoadingError && <ProblemNotice error={error} />}
      <DataTable
        label="Limits"
        columns={canChange ? [...columns, change] : columns}
        rows={rows}
        rowKey={(limit) => `${limit.project} ${limit.site} ${limit.app}`}
        empty="None."
      />
      {canChange && <LimitForm site={site} onDone={refresh} />}
    </section>
  );
}

function Use(props: { used: number; most: number | null }) {
  if (props.most === null)
    return <span className="ip-dim">{formatCount(props.used)}, no limit</span>;
  const isFull = props.used >= props.most;
  return (
    <span style={isFull ? { color: 'var(--ip-late)' } : undefined}>
      {formatCount(props.used)} of {formatCount(props.most)}
    </span>
  );
}

function scopeWords(limit: Limit): string {
  const what = [
    limit.app === null ? '' : `app ${limit.app}`,
    limit.project === null ? '' : `project ${limit.project}`,
  ].filter((word) => word !== '');
  const where = limit.site === null ? 'at all sites together' : 'here';
  return `${what.length === 0 ? 'everything' : what.join(' of ')} ${where}`;
}
