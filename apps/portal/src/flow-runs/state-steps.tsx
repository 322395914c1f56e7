import { useState } from 'react';
import { Button, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { placeOfStep } from '../flow-diagram/step-place.ts';
import { lookOf } from '../format/status.ts';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import classes from './step-details.module.css';

type Step = Schemas['FlowStep'];

/** Visits drawn of one state, the newest first; more when asked for. */
const fewVisits = 8;

/** What a flow run did in one state: each visit with what it was given and gave. */
export function StateSteps(props: {
  state: string;
  steps: Step[];
  isState: (name: string) => boolean;
}) {
  const { state, isState } = props;
  const [wanted, setWanted] = useState('all');
  const [most, setMost] = useState(fewVisits);
  const own = props.steps.filter((step) => placeOfStep(step.stateName, isState).state === state);
  const failed = own.filter(({ status }) => status === 'failed');
  const active = own.filter(({ status }) => status === 'active');
  const picked = wanted === 'failed' ? failed : wanted === 'active' ? active : own;
  const shown = picked.slice(-most).toReversed();
  return (
    <section aria-label={`Visits of ${state}`}>
      {own.length === 0 && <p className="ip-dim">The flow run has not come to {state}.</p>}
      {own.length > 1 && (failed.length > 0 || active.length > 0) && (
        <SegmentedControl
          size="xs"
          aria-label="Which visits"
          value={wanted}
          data={[
            { value: 'all', label: `All ${own.length}` },
            { value: 'active', label: `Active ${active.length}` },
            { value: 'failed', label: `Failed ${failed.length}` },
          ]}
          onChange={setWanted}
        />
      )}
      {shown.map((step) => (
        <Visit
          key={step.sequence}
          step={step}
          branch={placeOfStep(step.stateName, isState).branch}
          isOpen={shown.length === 1}
        />
      ))}
      {picked.length > shown.length && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setMost(most * 4)}>
          Show more of {picked.length} visits
        </Button>
      )}
    </section>
  );
}

function Visit(props: { step: Step; branch: string; isOpen: boolean }) {
  const { step, branch, isOpen } = props;
  return (
    <details className={classes.step} open={isOpen}>
      <summary>
        <StatusMark status={step.status} word={branch || lookOf(step.status).word} />
        <span className="ip-dim">
          <TimeText at={step.startedAt} />
        </span>
        <ElapsedText from={step.startedAt} to={step.endedAt} />
        {step.jobId !== null && (
          <Link to="/jobs/$jobId" params={{ jobId: step.jobId }}>
            job and its log
          </Link>
        )}
        {step.reason !== null && <span>{step.reason}</span>}
      </summary>
      <div className={classes.body}>
        <JsonView title="Input" value={step.input} />
        <JsonView title="Result" value={step.result} />
      </div>
    </details>
  );
}
