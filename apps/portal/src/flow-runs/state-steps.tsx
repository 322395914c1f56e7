import { useState } from 'react';
import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { branchWords, parallelStates, placeOfStep } from '../flow-diagram/step-place.ts';
import { lookOf } from '../format/status.ts';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { needsPerson } from '../flow-diagram/state-progress.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { LogEnd } from './log-end.tsx';
import classes from './step-details.module.css';

type Step = Schemas['FlowStep'];

/** Visits drawn of one state, the newest first; more when asked for. */
const fewVisits = 8;

interface Visits {
  state: string;
  flowRunId: string;
  steps: Step[];
  /** How many visits there were, by how they stand. */
  counts: { visits: number; active: number; failed: number };
  /** False when `steps` are not all that the flow run did. */
  isWhole: boolean;
  /** The flow run failed: of many visits those that failed are asked for. */
  hasFailed: boolean;
  /** It waits for a person. */
  isInactive: boolean;
  isState: (name: string) => boolean;
}

/** What a flow run did in one state: each visit with what it was given and gave. */
export function StateSteps(props: Visits) {
  const { state, flowRunId, counts, isWhole, isState } = props;
  const [wanted, setWanted] = useState<'all' | 'active' | 'failed'>(
    props.hasFailed && counts.failed > 0 && counts.visits > 1 ? 'failed' : 'all',
  );
  const [most, setMost] = useState(fewVisits);
  const status = wanted === 'all' ? undefined : wanted;
  const asked = useQuery({ ...queries.someSteps(flowRunId, status, state), enabled: !isWhole });
  const own = props.steps.filter((step) => placeOfStep(step.stateName, isState).state === state);
  const picked = status === undefined ? own : own.filter((step) => step.status === status);
  const newest = isWhole ? picked.toReversed() : (asked.data?.items ?? []);
  const total = wanted === 'all' ? counts.visits : counts[wanted];
  const shown = newest.slice(0, most);
  const parallels = parallelStates(props.steps, isState);
  const wordsOf = ({ stateName }: Step) =>
    branchWords(placeOfStep(stateName, isState).branch, (name) => parallels.has(name));
  return (
    <section aria-label={`Visits of ${state}`}>
      {counts.visits === 0 && <p className="ip-dim">The flow run has not come to {state}.</p>}
      {counts.visits > 1 && (counts.failed > 0 || counts.active > 0) && (
        <SegmentedControl
          size="xs"
          aria-label="Which visits"
          value={wanted}
          data={[
            { value: 'all', label: `All ${counts.visits}` },
            { value: 'active', label: `Active ${counts.active}` },
            { value: 'failed', label: `Failed ${counts.failed}` },
          ]}
          onChange={setWanted}
        />
      )}
      {asked.isLoadingError && <ProblemNotice error={asked.error} />}
      {shown.map((step, place) => (
        <Visit
          key={step.sequence}
          flowRunId={flowRunId}
          step={step}
          waits={props.isInactive && needsPerson(step)}
          branch={wordsOf(step)}
          isOpen={total === 1 || (wanted === 'failed' && place === 0)}
        />
      ))}
      {newest.length > shown.length ? (
        <Button variant="default" size="xs" mt="sm" onClick={() => setMost(most * 4)}>
          Show more of {total} visits
        </Button>
      ) : (
        total > shown.length &&
        shown.length > 0 && (
          <p className="ip-dim">
            The newest {shown.length} of {total} visits.
          </p>
        )
      )}
    </section>
  );
}

function Visit(props: {
  flowRunId: string;
  step: Step;
  waits: boolean;
  branch: string;
  isOpen: boolean;
}) {
  const { flowRunId, branch } = props;
  const [isOpen, setOpen] = useState(props.isOpen);
  // What is large is read when somebody looks.
  const isPart = props.step.omitted.length > 0;
  const { data, isLoadingError, error } = useQuery({
    ...queries.step(flowRunId, props.step.sequence),
    enabled: isOpen && isPart,
  });
  const step = data ?? props.step;
  const status = props.waits ? 'INACTIVE' : step.status;
  const hasWork = step.jobId !== null || step.ensembleId !== null;
  return (
    <div className={classes.step} data-links={hasWork || undefined}>
      {hasWork && (
        <p className={classes.links}>
          {step.jobId !== null && (
            <Link to="/jobs/$jobId" params={{ jobId: step.jobId }}>
              job and its log
            </Link>
          )}
          {step.ensembleId !== null && (
            <Link to="/ensembles/$ensembleId" params={{ ensembleId: step.ensembleId }}>
              its jobs
            </Link>
          )}
        </p>
      )}
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <StatusMark status={status} word={branch || lookOf(status).word} />
          <span className="ip-dim">
            <TimeText at={step.startedAt} />
          </span>
          <ElapsedText from={step.startedAt} to={step.endedAt} />
          {/* Without links: what can be pressed has nothing in it that can be pressed too. */}
          {step.reason !== null && <span>{step.reason}</span>}
        </summary>
        <div className={classes.body}>
          {isLoadingError && <ProblemNotice error={error} />}
          {isPart && data === undefined ? (
            <p className="ip-dim">…</p>
          ) : (
            <>
              {step.status === 'failed' && step.jobId !== null && <LogEnd jobId={step.jobId} />}
              <JsonView title="Input" value={step.input} />
              <JsonView title="Result" value={step.result} />
            </>
          )}
        </div>
      </details>
    </div>
  );
}
