import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { readableName, upcomingStates } from '../flow-runs/upcoming-states.ts';
import { formatDuration, formatSpan } from '../format/duration.ts';
import { lookOf } from '../format/status.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import { expectedAnswer } from './answer-expected.ts';
import { pipelineBars, type Pipeline, type PipelineRow } from './pipeline-bars.ts';
import classes from './shot-pipeline.module.css';

/** What happens to the newest shot: the steps of its flow run against the time it may take. */
export function ShotPipeline(props: {
  shot: Schemas['Shot'] | null;
  instrument: Schemas['Instrument'];
}) {
  const { shot } = props;
  const flowRunId = shot?.flowRunId ?? null;
  return (
    <section className={`ip-panel ${classes.pipeline}`} aria-label="Analysis">
      <h2 className="ip-heading">
        {shot === null ? 'Analysis' : `Analysis of shot ${shot.number}`}
        {flowRunId !== null && (
          <Link to="/flow-runs/$flowRunId" params={{ flowRunId }}>
            flow run
          </Link>
        )}
      </h2>
      {shot === null || flowRunId === null ? (
        <p className="ip-dim">
          {shot === null ? 'No shot yet.' : <Missing shot={shot} instrument={props.instrument} />}
        </p>
      ) : (
        <Steps {...props} shot={shot} flowRunId={flowRunId} />
      )}
    </section>
  );
}

/** Why a shot has no flow run: nothing starts one before its data are whole. */
function Missing(props: { shot: Schemas['Shot']; instrument: Schemas['Instrument'] }) {
  const now = useHubNow();
  const { takenAt } = props.shot;
  const { nextShotAt } = props.instrument;
  const isOver = nextShotAt === null || nextShotAt <= takenAt || Date.parse(nextShotAt) < now;
  return isOver ? 'No flow run for this shot.' : 'Its data are not whole yet.';
}

function toTenth(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

function Steps(props: {
  flowRunId: string;
  shot: Schemas['Shot'];
  instrument: Schemas['Instrument'];
}) {
  const { shot, instrument } = props;
  const { data, isLoadingError } = useQuery(queries.flowRun(props.flowRunId));
  const now = useHubNow(200);
  if (data === undefined) {
    return <p className="ip-dim">{isLoadingError ? 'You may not see this flow run.' : '…'}</p>;
  }
  const { flowRun, steps, prediction, definition } = data;
  const pipeline = pipelineBars(data, shot.takenAt, now);
  const isNextShot = flowRun.deadlineAt === instrument.nextShotAt;
  const expected = expectedAnswer(pipeline, isNextShot ? 'the next shot' : 'the deadline');
  const isOpen = flowRun.endedAt === null;
  const unknown =
    isOpen && prediction === null
      ? upcomingStates(definition, steps.at(-1)?.stateName ?? null)
      : [];
  return (
    <>
      {expected !== null && (
        <p className={classes.expected} data-late={expected.isLate || undefined} role="status">
          {expected.text}
        </p>
      )}
      <Ended flowRun={flowRun} pipeline={pipeline} />
      <ol className={classes.steps}>
        {pipeline.rows.map((row) => (
          <Row key={row.key} row={row} pipeline={pipeline} />
        ))}
        {pipeline.atOnce.length > 0 && (
          <li className={classes.atOnce}>
            <span>at once: </span>
            {pipeline.atOnce.map(readableName).join(', ')}
          </li>
        )}
        {unknown.map((name) => (
          <li key={name} data-coming>
            <StatusMark status="waiting" word={readableName(name)} />
          </li>
        ))}
      </ol>
      {pipeline.deadlineSeconds !== null && (
        <p className={classes.scale}>
          <i aria-hidden="true" /> due {formatSpan(toTenth(pipeline.deadlineSeconds))} after the
          shot
        </p>
      )}
      {flowRun.reason !== null && !['ACTIVE', 'SUCCEEDED'].includes(flowRun.status) && (
        <p className={classes.reason}>{flowRun.reason}</p>
      )}
    </>
  );
}

/** What the analysis took of the time that it had. */
function Ended(props: { flowRun: Schemas['FlowRun']; pipeline: Pipeline }) {
  const { endSeconds, deadlineSeconds } = props.pipeline;
  if (endSeconds === null) return null;
  const { status } = props.flowRun;
  const spare = deadlineSeconds === null ? null : deadlineSeconds - endSeconds;
  const words = `${lookOf(status).word} ${formatDuration(endSeconds)} after the shot`;
  return (
    <p className={classes.expected} data-late={(spare ?? 0) < 0 || undefined}>
      <StatusMark status={status} word={words} />
      {status === 'SUCCEEDED' && spare !== null && (
        <small>
          {formatDuration(Math.abs(spare))} {spare < 0 ? 'too late' : 'to spare'}
        </small>
      )}
    </p>
  );
}

function Row(props: { row: PipelineRow; pipeline: Pipeline }) {
  const { row, pipeline } = props;
  const { deadlineSeconds, nowSeconds, lengthSeconds } = pipeline;
  const place = (seconds: number) => `${((seconds / lengthSeconds) * 100).toFixed(2)}%`;
  const isComing = row.status === 'expected';
  return (
    <li data-coming={isComing || undefined}>
      <div className={classes.words}>
        <StatusMark status={isComing ? 'waiting' : row.status} word={readableName(row.state)} />
        <span>{timeWords(row)}</span>
      </div>
      <div className={classes.track} aria-hidden="true">
        <Parts row={row} deadline={deadlineSeconds} place={place} />
        {nowSeconds !== null && (
          <i className={classes.now} style={{ left: place(Math.min(nowSeconds, lengthSeconds)) }} />
        )}
        {deadlineSeconds !== null && (
          <i className={classes.deadline} style={{ left: place(deadlineSeconds) }} />
        )}
      </div>
    </li>
  );
}

/** What has passed, what is expected, and of both what lies beyond the deadline. */
function Parts(props: {
  row: PipelineRow;
  deadline: number | null;
  place: (seconds: number) => string;
}) {
  const { row, place } = props;
  const deadline = props.deadline ?? Number.POSITIVE_INFINITY;
  const parts = [
    { kind: 'passed', from: row.from, to: row.to },
    { kind: 'expected', from: row.to, to: row.expectedTo ?? row.to },
  ].flatMap(({ kind, from, to }) => [
    { kind, isLate: false, from: Math.min(from, deadline), to: Math.min(to, deadline) },
    { kind, isLate: true, from: Math.max(from, deadline), to: Math.max(to, deadline) },
  ]);
  return parts
    .filter(({ from, to }) => to > from)
    .map(({ kind, isLate, from, to }) => (
      <i
        key={`${kind} ${isLate}`}
        className={classes.part}
        data-kind={kind}
        data-status={row.status}
        data-late={isLate || undefined}
        style={{ left: place(from), width: place(to - from) }}
      />
    ));
}

function timeWords({ status, from, to, expectedTo }: PipelineRow): string {
  const usual = expectedTo === null ? null : formatDuration(expectedTo - from);
  if (status === 'expected') return `about ${usual}`;
  const passed = formatDuration(to - from);
  return usual === null || expectedTo === to ? passed : `${passed} of about ${usual}`;
}
