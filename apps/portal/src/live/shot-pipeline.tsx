import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { readableName, upcomingStates } from '../flow-runs/upcoming-states.ts';
import { formatDuration } from '../format/duration.ts';
import { lookOf } from '../format/status.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import classes from './shot-pipeline.module.css';

/** What happens to the newest shot: the steps of its flow run, with their times. */
export function ShotPipeline(props: { shot: Schemas['Shot'] | null }) {
  const { shot } = props;
  const flowRunId = shot?.flowRunId ?? null;
  return (
    <section className={`ip-panel ${classes.pipeline}`}>
      <h2 className="ip-heading">
        {shot === null ? 'Analysis' : `Analysis of shot ${shot.number}`}
        {flowRunId !== null && (
          <Link to="/flow-runs/$flowRunId" params={{ flowRunId }}>
            flow run
          </Link>
        )}
      </h2>
      {flowRunId === null ? (
        <p className="ip-dim">{shot === null ? 'No shot yet.' : 'No flow run for this shot.'}</p>
      ) : (
        <Steps flowRunId={flowRunId} />
      )}
    </section>
  );
}

function Steps(props: { flowRunId: string }) {
  const { data } = useQuery(queries.flowRun(props.flowRunId));
  const now = useHubNow(200);
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { flowRun, steps, definition } = data;
  const end = flowRun.endedAt === null ? now : Date.parse(flowRun.endedAt);
  const coming =
    flowRun.endedAt === null ? upcomingStates(definition, steps.at(-1)?.stateName ?? null) : [];
  return (
    <>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <li key={step.sequence}>
            <StatusMark status={step.status} word={readableName(step.stateName)} />
            <span>{formatDuration(elapsed(step, now))}</span>
          </li>
        ))}
        {coming.map((name) => (
          <li key={name} data-coming>
            <StatusMark status="waiting" word={readableName(name)} />
          </li>
        ))}
      </ol>
      <p className={classes.total}>
        <StatusMark status={flowRun.status} word={`${lookOf(flowRun.status).word} after`} />
        <b>{formatDuration((end - Date.parse(flowRun.startedAt)) / 1000)}</b>
      </p>
      {flowRun.reason !== null && !['ACTIVE', 'SUCCEEDED'].includes(flowRun.status) && (
        <p className={classes.reason}>{flowRun.reason}</p>
      )}
    </>
  );
}

function elapsed(step: Schemas['FlowStep'], nowMilliseconds: number): number {
  const end = step.endedAt === null ? nowMilliseconds : Date.parse(step.endedAt);
  return Math.max(0, (end - Date.parse(step.startedAt)) / 1000);
}
