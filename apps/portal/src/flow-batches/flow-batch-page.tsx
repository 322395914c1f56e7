import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { hub } from '../api/hub.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { RerunRuns } from '../flow-runs/run-bulk-bar.tsx';
import { formatCount } from '../format/quantity.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { BatchFailures } from './batch-failures.tsx';
import { BatchProgress } from './batch-progress.tsx';

const route = getRouteApi('/flow-batches/$batchId');

/** Flow runs that were started together: how they stand, what failed and why. */
export function FlowBatchPage() {
  const { batchId } = route.useParams();
  const queryClient = useQueryClient();
  const { data, isLoadingError, error, refetch } = useQuery(triggerQueries.flowBatch(batchId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { batch, progress, faults } = data;
  const failed = batch.byStatus.FAILED ?? 0;
  const underWay = batch.waiting + (batch.byStatus.ACTIVE ?? 0) + (batch.byStatus.INACTIVE ?? 0);
  return (
    <>
      <PageHeader
        title={batch.label || `${formatCount(batch.total)} × ${batch.flowName}`}
        above={<Link to="/flow-batches">Batches</Link>}
      >
        <WhoMayWork project={batch.project}>
          <RerunRuns
            selection={{ filter: { batch: batchId, filter: 'failed' } }}
            isDisabled={failed === 0}
            label={failed === 0 ? 'Run again…' : `Run ${formatCount(failed)} failed again…`}
            onDone={() => undefined}
          />
          {underWay > 0 && batch.canceledAt === null && (
            <ConfirmButton
              size="xs"
              label="Cancel batch…"
              question={
                `${formatCount(batch.waiting)} are not started any more; ` +
                `${formatCount(underWay - batch.waiting)} under way are canceled with their jobs.`
              }
              confirm="Cancel batch"
              onConfirm={async () => {
                const params = { path: { batchId } };
                await unwrap(hub.POST('/api/v1/flow-batches/{batchId}/cancel', { params }));
                await queryClient.invalidateQueries({ queryKey: ['flowBatch', batchId] });
              }}
            />
          )}
        </WhoMayWork>
      </PageHeader>
      <div className="ip-beside">
        <section className="ip-panel">
          <h2>Batch</h2>
          <BatchFacts batch={batch} />
        </section>
        <section className="ip-panel">
          <h2>How they stand</h2>
          <BatchProgress batch={batch} progress={progress} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>What failed, by reason</h2>
          <BatchFailures label={batch.label} failures={progress.failures} faults={faults} />
        </section>
      </div>
    </>
  );
}

function BatchFacts(props: { batch: Schemas['FlowBatch'] }) {
  const { batch } = props;
  return (
    <FactList
      facts={[
        {
          name: 'Flow',
          value: (
            <Link to="/flows/$flow" params={{ flow: batch.flowName }}>
              {batch.flowName}
            </Link>
          ),
        },
        {
          name: 'Flow runs',
          value: (
            <Link to="/flow-runs" search={{ batch: batch.id }}>
              all {formatCount(batch.total)}
            </Link>
          ),
        },
        { name: 'Owner', value: `${batch.owner}, project ${batch.project}` },
        { name: 'Urgency', value: batch.urgency },
        { name: 'Started', value: <TimeText at={batch.createdAt} /> },
        { name: 'Canceled', value: batch.canceledAt && <TimeText at={batch.canceledAt} /> },
        { name: 'Id', value: <span className="ip-mono">{batch.id}</span> },
      ]}
    />
  );
}
