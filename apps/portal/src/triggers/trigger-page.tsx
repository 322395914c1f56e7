import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { triggerQueries } from '../api/trigger-queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { AgeText } from '../parts/time-text.tsx';
import { DayCounts } from './day-counts.tsx';
import { DryRunPanel } from './dry-run-panel.tsx';
import { FiringsTable } from './firings-table.tsx';
import { PauseButton, ResumeButton, TriggerMenu } from './trigger-actions.tsx';
import { TriggerFacts } from './trigger-facts.tsx';
import classes from './triggers.module.css';

const route = getRouteApi('/triggers/$trigger');

/** One trigger: its rules in words, what it did, what it would have done. */
export function TriggerPage() {
  const { trigger: name } = route.useParams();
  const { dry } = route.useSearch();
  const { data, isLoadingError, error, refetch } = useQuery(triggerQueries.trigger(name));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <PageHeader title={name} above={<Link to="/triggers">Triggers</Link>}>
        <WhoMayWork project={data.project}>
          {data.pause === null && <PauseButton name={name} />}
          <Link to="/triggers/$trigger/edit" params={{ trigger: name }}>
            <Button component="span" variant="default">
              Edit
            </Button>
          </Link>
          <TriggerMenu trigger={data} />
        </WhoMayWork>
      </PageHeader>
      <Standing trigger={data} />
      <div className="ip-beside">
        <section className="ip-panel">
          <h2>Rules</h2>
          <TriggerFacts trigger={data} />
        </section>
        <div className="ip-stack">
          <section className="ip-panel">
            <h2>Last 24 hours</h2>
            <DayCounts counts={data.counts} isLarge />
            {data.queuedEvents > 0 && (
              <p className={classes.note}>
                {data.queuedEvents} events wait for room under the rate limit.
              </p>
            )}
          </section>
          <section className="ip-panel">
            <h2>What would have fired</h2>
            <DryRunPanel name={name} starts={dry !== undefined} />
          </section>
        </div>
        <section className="ip-panel ip-whole">
          <h2>Events, and what became of them</h2>
          <FiringsTable trigger={name} />
        </section>
      </div>
    </>
  );
}

/** Why it does not fire, so that nobody looks for results that cannot come. */
function Standing(props: { trigger: Schemas['TriggerReport'] }) {
  const { name, project, pause, lastProblem } = props.trigger;
  if (pause === null) {
    if (lastProblem === null) return null;
    return (
      <div className={classes.pause} role="status">
        <p>
          The newest event could not start the flow, <AgeText at={lastProblem.at} />:{' '}
          {lastProblem.reason}
        </p>
      </div>
    );
  }
  return (
    <div className={classes.pause} role="status" data-itself={pause.by === null}>
      <div className="ip-row" style={{ justifyContent: 'space-between' }}>
        <p>
          {pause.by === null ? 'It paused itself' : `Paused by ${pause.by}`},{' '}
          <AgeText at={pause.at} />: {pause.reason}
        </p>
        <WhoMayWork project={project}>
          <ResumeButton name={name} />
        </WhoMayWork>
      </div>
    </div>
  );
}
