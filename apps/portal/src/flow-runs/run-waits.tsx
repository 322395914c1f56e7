import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { needsPerson } from '../flow-diagram/state-progress.ts';
import { branchWords, parallelStates, placeOfStep } from '../flow-diagram/step-place.ts';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { StatusMark } from '../parts/status-mark.tsx';

/** Waits told one by one; of more there is a number. */
const shownWaits = 6;

/** What a flow run waits for now: the steps that are under way, and since when. */
export function RunWaits(props: {
  flowRun: Schemas['FlowRun'];
  steps: Schemas['FlowStep'][];
  isState: (name: string) => boolean;
  onChoose: (state: string) => void;
}) {
  const { flowRun, steps, isState, onChoose } = props;
  if (flowRun.endedAt !== null) return null;
  // A Map or Parallel state waits for what is inside it.
  const waits = steps.filter(
    ({ status, stateType }) => status === 'active' && !['Map', 'Parallel'].includes(stateType),
  );
  if (waits.length === 0) return null;
  const parallels = parallelStates(steps, isState);
  const waitsForPerson = (step: Schemas['FlowStep']) =>
    flowRun.status === 'INACTIVE' && needsPerson(step);
  const wordsOf = (stateName: string) => {
    const { branch, state } = placeOfStep(stateName, isState);
    const within = branchWords(branch, (name) => parallels.has(name));
    return within === '' ? state : `${state} (${within})`;
  };
  return (
    <section className="ip-panel">
      <h2>What it waits for</h2>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {waits.slice(0, shownWaits).map((step) => (
          <li key={step.sequence} className="ip-row" style={{ padding: '4px 0' }}>
            <a
              href={`#${step.stateName}`}
              onClick={(event) => {
                event.preventDefault();
                onChoose(placeOfStep(step.stateName, isState).state);
              }}
            >
              <StatusMark
                status={waitsForPerson(step) ? 'INACTIVE' : step.status}
                word={wordsOf(step.stateName)}
              />
            </a>
            <span className="ip-dim">{step.provider}</span>
            {step.jobId !== null && (
              <Link to="/jobs/$jobId" params={{ jobId: step.jobId }}>
                job
              </Link>
            )}
            {step.ensembleId !== null && (
              <Link to="/ensembles/$ensembleId" params={{ ensembleId: step.ensembleId }}>
                jobs
              </Link>
            )}
            <ElapsedText from={step.startedAt} to={null} />
            {step.reason !== null && (
              <span style={{ flexBasis: '100%' }}>
                <ReadableText text={step.reason} />
              </span>
            )}
          </li>
        ))}
      </ul>
      {waits.length > shownWaits && (
        <p className="ip-dim" style={{ margin: '6px 0 0' }}>
          and {waits.length - shownWaits} more steps
        </p>
      )}
    </section>
  );
}
