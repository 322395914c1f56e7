import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { JsonView } from '../parts/json-view.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { readableName } from './upcoming-states.ts';
import classes from './step-details.module.css';

/** Each step with its input and result, folded. */
export function StepDetails(props: { steps: Schemas['FlowStep'][] }) {
  return (
    <div>
      {props.steps.map((step) => (
        <details key={step.sequence} className={classes.step}>
          <summary>
            <StatusMark status={step.status} word={readableName(step.stateName)} />
            <span className="ip-dim">{step.provider ?? step.stateType}</span>
            {step.reason !== null && <span>{step.reason}</span>}
          </summary>
          <div className={classes.body}>
            <JsonView title="Input" value={step.input} isOpen />
            <JsonView title="Result" value={step.result} isOpen />
          </div>
        </details>
      ))}
      {props.steps.length === 0 && <p className="ip-dim">No step has begun.</p>}
    </div>
  );
}
