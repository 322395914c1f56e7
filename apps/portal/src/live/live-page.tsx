import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { NativeSelect } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { AnswerStrip } from './answer-strip.tsx';
import { PausedTriggers, TriggerStates } from './paused-triggers.tsx';
import { ShotClock } from './shot-clock.tsx';
import { ShotPipeline } from './shot-pipeline.tsx';
import { TimeWent } from './time-went.tsx';
import classes from './live-page.module.css';

const route = getRouteApi('/');

/** What happens now at an instrument: made to be left open on a large screen. */
export function LivePage() {
  const instruments = useQuery(queries.instruments());
  const { instrument: wanted } = route.useSearch();
  if (instruments.isLoadingError) {
    return <ProblemNotice error={instruments.error} onRetry={() => void instruments.refetch()} />;
  }
  if (instruments.data === undefined) return <p className="ip-dim">…</p>;
  const all = instruments.data.items;
  const chosen =
    all.find((each) => each.name === wanted) ?? all.find((each) => each.status === 'up') ?? all[0];
  if (chosen === undefined) {
    return (
      <>
        <PageHeader title="Live" />
        <p className="ip-panel">
          No instrument is known yet. An agent with an instrument role in its configuration brings
          one.
        </p>
      </>
    );
  }
  return <Instrument key={chosen.name} instrument={chosen} all={all} />;
}

function Instrument(props: { instrument: Schemas['Instrument']; all: Schemas['Instrument'][] }) {
  const { instrument } = props;
  const shots = useQuery(queries.shots(instrument.name));
  const list = shots.data?.items ?? [];
  return (
    <div className={classes.page}>
      <PageHeader title={instrument.title || instrument.name}>
        {instrument.status !== 'up' && (
          <StatusMark status={instrument.status} word={`instrument ${instrument.status}`} />
        )}
        <TriggerStates instrument={instrument.name} />
        <Link to="/instruments/$instrument/runs" params={{ instrument: instrument.name }}>
          Runs
        </Link>
        {props.all.length > 1 && <Chooser {...props} />}
      </PageHeader>
      {shots.isLoadingError && (
        <ProblemNotice error={shots.error} onRetry={() => void shots.refetch()} />
      )}
      <PausedTriggers instrument={instrument.name} />
      <div className={classes.grid}>
        <div className={classes.clock}>
          <ShotClock instrument={instrument} />
        </div>
        <div className={classes.answer}>
          <AnswerPanel instrument={instrument} shots={list} />
        </div>
        <div className={classes.pipeline}>
          <ShotPipeline shot={list[0] ?? null} instrument={instrument} />
        </div>
        <div className={classes.strip}>
          <AnswerStrip shots={list} />
        </div>
        <div className={classes.timing}>
          <TimeWent instrument={instrument.name} />
        </div>
      </div>
    </div>
  );
}

function Chooser(props: { instrument: Schemas['Instrument']; all: Schemas['Instrument'][] }) {
  const navigate = route.useNavigate();
  return (
    <NativeSelect
      aria-label="Instrument"
      value={props.instrument.name}
      data={props.all.map((each) => ({ value: each.name, label: each.title || each.name }))}
      onChange={(event) => void navigate({ search: { instrument: event.currentTarget.value } })}
    />
  );
}
