import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { formatCount } from '../format/quantity.ts';
import { groupByReason } from './group-by-reason.ts';
import classes from './flow-batches.module.css';

/** Flow runs linked from one reason. */
const fewLinks = 8;

/** Why flow runs of a batch failed, or could not be started: the most frequent reason first. */
export function BatchFailures(props: {
  batch: Schemas['FlowBatch'];
  faults: { position: number; reason: string }[];
}) {
  const { batch, faults } = props;
  const failed = batch.byStatus.FAILED ?? 0;
  const { data } = useQuery({ ...triggerQueries.failedOfBatch(batch.id), enabled: failed > 0 });
  const runs = failed > 0 ? (data?.items ?? []) : [];
  const groups = groupByReason(runs, (run) => run.reason ?? 'without a reason');
  const notStarted = groupByReason(faults, (fault) => fault.reason);
  if (failed === 0 && faults.length === 0) return <p className="ip-dim">Nothing failed.</p>;
  if (failed > 0 && data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <ul className={classes.reasons} aria-label="Reasons">
        {groups.map(({ reason, members }) => (
          <li key={reason}>
            <b>{formatCount(members.length)}</b>
            <span>
              {reason}
              <div className="ip-row" style={{ gap: '2px 12px', fontSize: '0.875rem' }}>
                {members.slice(0, fewLinks).map((run, place) => (
                  <Link key={run.id} to="/flow-runs/$flowRunId" params={{ flowRunId: run.id }}>
                    {run.label === batch.label ? `flow run ${place + 1}` : run.label || run.id}
                  </Link>
                ))}
                {members.length > fewLinks && (
                  <span className="ip-dim">and {formatCount(members.length - fewLinks)} more</span>
                )}
              </div>
            </span>
          </li>
        ))}
        {notStarted.map(({ reason, members }) => (
          <li key={reason}>
            <b>{formatCount(members.length)}</b>
            <span>
              could not be started: {reason}
              <div className="ip-dim" style={{ fontSize: '0.875rem' }}>
                {members.length === 1 ? 'input ' : 'inputs '}
                {members
                  .slice(0, fewLinks)
                  .map(({ position }) => position + 1)
                  .join(', ')}
                {members.length > fewLinks && ' …'}
              </div>
            </span>
          </li>
        ))}
      </ul>
      {runs.length < failed && (
        <p className="ip-dim" style={{ marginBottom: 0 }}>
          Of the newest {formatCount(runs.length)} of {formatCount(failed)}.
        </p>
      )}
    </>
  );
}
