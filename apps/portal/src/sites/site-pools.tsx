import { useMemo } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatSpan } from '../format/duration.ts';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { QuietBar } from '../parts/quiet-bar.tsx';
import { PoolForm } from './pool-form.tsx';

type Pool = Schemas['Pool'];

const columns: TableColumn<Pool>[] = [
  {
    id: 'name',
    header: 'Pool',
    isMain: true,
    minWidth: '7rem',
    cell: (pool) => (
      <>
        <b style={{ fontWeight: 600 }}>{pool.name}</b>
        <div className="ip-dim">{queueWords(pool)}</div>
      </>
    ),
  },
  { id: 'takes', header: 'Takes', cell: (pool) => takesWords(pool) },
  {
    id: 'cores',
    header: 'Cores busy',
    cell: (pool) => (
      <div style={{ minWidth: 100 }}>
        {formatCount(pool.counts.coresBusy)} of {formatCount(pool.counts.coresTotal)}
        {pool.counts.gpusTotal > 0 &&
          `, GPUs ${pool.counts.gpusBusy} of ${formatCount(pool.counts.gpusTotal)}`}
        <QuietBar
          part={pool.counts.coresBusy}
          whole={pool.counts.coresTotal}
          label={`Cores busy in pool ${pool.name}`}
        />
      </div>
    ),
  },
  {
    id: 'pilots',
    header: 'Pilots',
    minWidth: '6.5rem',
    cell: (pool) => (
      <>
        {pool.counts.pilotsRunning} running, {pool.counts.pilotsWaiting} waiting
        <div className="ip-dim">
          {pool.settings.minWarm} kept warm, {pool.settings.maxPilots} at most
        </div>
      </>
    ),
  },
  {
    id: 'node',
    header: 'Each',
    minWidth: '6.5rem',
    cell: (pool) => (
      <>
        {nodeWords(pool)}
        <div className="ip-dim">
          for {formatSpan(pool.settings.walltimeSeconds)}, leaves after{' '}
          {formatSpan(pool.settings.idleSeconds)} idle
        </div>
      </>
    ),
  },
  {
    id: 'wait',
    header: 'Queue wait',
    cell: (pool) =>
      pool.queueWaitSeconds === null ? (
        <span className="ip-dim">not seen yet</span>
      ) : (
        formatSpan(Number(pool.queueWaitSeconds.toPrecision(2)))
      ),
  },
  {
    id: 'reason',
    header: 'Why so many',
    isText: true,
    cell: (pool) => (
      <span style={pool.settings.paused ? { color: 'var(--ip-late)' } : undefined}>
        {pool.settings.paused ? 'paused: no pilots are started' : pool.reason}
      </span>
    ),
  },
];

/** The pools of a site; administrators change their settings. */
export function SitePools(props: { site: Schemas['Site']; canChange: boolean }) {
  const { site, canChange } = props;
  const { name } = site;
  const all = useMemo(
    (): TableColumn<Pool>[] =>
      canChange
        ? [
            ...columns,
            {
              id: 'change',
              header: '',
              isNarrow: true,
              cell: (pool) => <PoolForm site={name} pool={pool} />,
            },
          ]
        : columns,
    [canChange, name],
  );
  return (
    <section className="ip-panel">
      <h2>Pools</h2>
      <DataTable
        label="Pools"
        columns={all}
        rows={site.pools}
        rowKey={(pool) => pool.name}
        empty="None. The site's staff declare them in the agent's configuration."
      />
    </section>
  );
}

function queueWords(pool: Pool): string {
  const queue = pool.queue === null ? 'default queue' : `queue ${pool.queue}`;
  return pool.account === null ? queue : `${queue}, account ${pool.account}`;
}

function takesWords(pool: Pool): string {
  const work = pool.urgencies.join(', ');
  return pool.preemptable ? `${work}; preemptable` : work;
}

function nodeWords(pool: Pool): string {
  const { nodesPerPilot } = pool.settings;
  const node = [
    pool.coresPerNode === 1 ? '1 core' : `${pool.coresPerNode} cores`,
    pool.gpusPerNode > 0 ? `${pool.gpusPerNode} ${pool.gpusPerNode === 1 ? 'GPU' : 'GPUs'}` : '',
    pool.memoryBytesPerNode > 0 ? formatBytes(pool.memoryBytesPerNode) : '',
  ].filter((word) => word !== '');
  return `${nodesPerPilot === 1 ? '1 node' : `${nodesPerPilot} nodes`} of ${node.join(', ')}`;
}
