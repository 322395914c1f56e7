import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatCount } from '../format/quantity.ts';
import { groupByReason } from './group-by-reason.ts';
import classes from './flow-batches.module.css';

/** Inputs named for one reason. */
const fewInputs = 8;

/** Why flow runs of a batch failed, or could not be started: the most frequent reason first. */
export function BatchFailures(props: {
  label: string;
  failures: Schemas['FlowBatchProgress']['failures'];
  faults: { position: number; reason: string }[];
}) {
  const { label, failures, faults } = props;
  const notStarted = groupByReason(faults, (fault) => fault.reason);
  if (failures.length === 0 && faults.length === 0) {
    return <p className="ip-dim">Nothing failed.</p>;
  }
  return (
    <ul className={classes.reasons} aria-label="Reasons">
      {failures.map(({ reason, count, examples }) => (
        <li key={reason}>
          <b>{formatCount(count)}</b>
          <span>
            {reason}
            <div className="ip-row" style={{ gap: '2px 12px', fontSize: '0.875rem' }}>
              {examples.map((run, place) => (
                <Link key={run.id} to="/flow-runs/$flowRunId" params={{ flowRunId: run.id }}>
                  {run.label === label ? `flow run ${place + 1}` : run.label || run.id}
                </Link>
              ))}
              {count > examples.length && (
                <span className="ip-dim">and {formatCount(count - examples.length)} more</span>
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
                .slice(0, fewInputs)
                .map(({ position }) => position + 1)
                .join(', ')}
              {members.length > fewInputs && ' …'}
            </div>
          </span>
        </li>
      ))}
    </ul>
  );
}
