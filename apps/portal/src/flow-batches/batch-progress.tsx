import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { FactList } from '../parts/fact-list.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { BatchBar } from './batch-bar.tsx';

/** How far a batch is, when it will have ended, and how long its flow runs take. */
export function BatchProgress(props: {
  batch: Schemas['FlowBatch'];
  progress: Schemas['FlowBatchProgress'];
}) {
  const { batch, progress } = props;
  const now = useHubNow();
  const { expectedEndAt, runSeconds, doneAgain } = progress;
  const active = batch.byStatus.ACTIVE ?? 0;
  const asking = batch.byStatus.INACTIVE ?? 0;
  const open = batch.waiting + active + asking;
  return (
    <>
      <div style={{ marginBottom: 12 }}>
        <BatchBar batch={batch} isLarge />
      </div>
      <FactList
        facts={[
          {
            name: 'Ended',
            value: `${formatCount(batch.total - open)} of ${formatCount(batch.total)}`,
          },
          {
            name: 'Expected end',
            value: endWords(open, active + batch.waiting) ?? (
              <ExpectedEnd at={expectedEndAt} now={now} />
            ),
          },
          {
            name: 'Each takes',
            value:
              runSeconds &&
              `half of them up to ${formatDuration(runSeconds.p50)}, ` +
                `nine of ten ${formatDuration(runSeconds.p90)}, ` +
                `the longest ${formatDuration(runSeconds.longest)}`,
          },
          {
            name: 'Under way',
            value: active > 0 && (
              <Link to="/flow-runs" search={{ batch: batch.id, filter: 'active' }}>
                {formatCount(active)} flow runs
              </Link>
            ),
          },
          {
            name: 'Wait for people',
            value: asking > 0 && (
              <Link to="/flow-runs" search={{ batch: batch.id, filter: 'waiting' }}>
                {formatCount(asking)} flow runs
              </Link>
            ),
          },
          {
            name: 'Done again',
            value: doneAgain.length > 0 && <DoneAgain doneAgain={doneAgain} />,
          },
        ].map((fact) => ({ ...fact, value: fact.value === false ? null : fact.value }))}
      />
    </>
  );
}

/** What is said instead of an instant; null where there may be one. */
function endWords(open: number, going: number): string | null {
  if (open === 0) return 'all have ended';
  return going === 0 ? 'when people have answered' : null;
}

function ExpectedEnd(props: { at: string | null; now: number }) {
  const { at, now } = props;
  if (at === null) return <span className="ip-dim">not known yet: too few have ended</span>;
  const seconds = (Date.parse(at) - now) / 1000;
  return (
    <>
      <TimeText at={at} />
      {seconds > 0 && `, in ${formatDuration(seconds)}, at the pace of the last ones`}
    </>
  );
}

function DoneAgain(props: { doneAgain: Schemas['FlowBatchProgress']['doneAgain'] }) {
  return (
    <>
      {props.doneAgain.map(({ id, count, succeeded }) => (
        <div key={id}>
          <Link to="/flow-batches/$batchId" params={{ batchId: id }}>
            {formatCount(count)} in a later batch
          </Link>
          , {formatCount(succeeded)} of them well
        </div>
      ))}
    </>
  );
}
