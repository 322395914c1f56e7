import { useCallback, useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { isRace } from '../flow-diagram/race.ts';
import { placeOfStep } from '../flow-diagram/step-place.ts';
import { formatBytes } from '../format/quantity.ts';
import { DeadlineText } from '../parts/deadline-text.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { ReadableText } from '../parts/readable-text.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { QuestionNotice } from '../questions/question-notice.tsx';
import { ExpectedEnd } from './expected-end.tsx';
import { FlowRunLog } from './flow-run-log.tsx';
import { RunActions } from './run-actions.tsx';
import { RunPicture } from './run-picture.tsx';
import { RunWaits } from './run-waits.tsx';
import { StartDocument } from './start-document.tsx';
import { StateSteps } from './state-steps.tsx';
import { stepToShow } from './step-to-show.ts';
import { useSteps } from './use-steps.ts';
import { TimeLine } from './time-line.tsx';

const route = getRouteApi('/flow-runs/$flowRunId');

/** One flow run: its flow as a drawing with how it stands, its steps in time, its log. */
export function FlowRunPage() {
  const { flowRunId } = route.useParams();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isLoadingError, error, refetch } = useQuery(queries.flowRun(flowRunId));
  const graph = useMemo(() => flowGraph(data?.definition), [data?.definition]);
  const names = useMemo(() => new Set(graph.nodes.map(({ name }) => name)), [graph]);
  const races = useMemo(() => new Set(graph.nodes.filter(isRace).map(({ name }) => name)), [graph]);
  const isState = useCallback((name: string) => names.has(name), [names]);
  const { steps, items } = useSteps(data);
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { flowRun, definition, input, output, outputBytes } = data;
  const first = stepToShow(steps, isState, flowRun.status);
  const chosen = state ?? (first ? placeOfStep(first.stateName, isState).state : null);
  const choose = (name: string) =>
    void navigate({ search: { state: name }, replace: true, resetScroll: false });
  return (
    <>
      <PageHeader
        title={flowRun.label || flowRun.id}
        above={<Link to="/flow-runs">Flow runs</Link>}
      >
        <WhoMayWork project={flowRun.project} named={flowRun.managers}>
          <RunActions flowRun={flowRun} input={input} entered={enteredStates(steps, isState)} />
        </WhoMayWork>
      </PageHeader>
      <QuestionNotice flowRunId={flowRunId} />
      <div className="ip-beside">
        <div className="ip-stack">
          <section className="ip-panel">
            <h2>Status</h2>
            <RunFacts flowRun={flowRun} />
          </section>
          <RunWaits flowRun={flowRun} steps={steps} onChoose={choose} isState={isState} />
        </div>
        <section className="ip-panel">
          <h2>The flow, and how it stands</h2>
          <RunPicture
            graph={graph}
            flowRun={flowRun}
            sums={data}
            chosen={chosen}
            onChoose={choose}
          />
          {chosen === null && (
            <p className="ip-dim" style={{ margin: '8px 0 0' }}>
              Choose a state to see what it was given and gave.
            </p>
          )}
        </section>
        {chosen !== null && (
          <section className="ip-panel ip-whole">
            <h2>{chosen}: what it was given and gave</h2>
            <StateSteps
              key={chosen}
              state={chosen}
              flowRunId={flowRunId}
              steps={steps}
              counts={visitsOf(chosen, data.states, isState)}
              isWhole={data.steps.length === data.stepCount}
              hasFailed={flowRun.status === 'FAILED'}
              isInactive={flowRun.status === 'INACTIVE'}
              isState={isState}
            />
          </section>
        )}
        <section className="ip-panel ip-whole">
          <h2>Steps in time</h2>
          <TimeLine
            flowRun={flowRun}
            steps={steps}
            ownCount={ownVisits(data.states, isState)}
            prediction={data.prediction}
            items={items}
            isState={isState}
            races={races}
            onChoose={choose}
          />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Log</h2>
          <FlowRunLog flowRunId={flowRunId} />
        </section>
        <section className="ip-panel ip-whole">
          <JsonView title="Input" value={input} />
          {flowRun.startState !== null && <StartDocument flowRun={flowRun} />}
          {outputBytes !== null && output === null ? (
            <LargeOutput flowRunId={flowRunId} bytes={outputBytes} />
          ) : (
            <JsonView title="Output" value={output} />
          )}
          <JsonView title="Definition" value={definition} isOpen={false} />
        </section>
      </div>
    </>
  );
}

/** States of the flow itself in the order in which the run came to them. */
function enteredStates(steps: Schemas['FlowStep'][], isState: (name: string) => boolean): string[] {
  const places = steps.map((step) => placeOfStep(step.stateName, isState));
  return [...new Set(places.filter(({ branch }) => branch === '').map(({ state }) => state))];
}

function RunFacts(props: { flowRun: Schemas['FlowRun'] }) {
  const run = props.flowRun;
  return (
    <FactList
      facts={[
        { name: 'Status', value: <StatusMark status={run.status} /> },
        {
          name: run.status === 'FAILED' ? 'Why' : 'Now',
          value: run.reason && <ReadableText text={run.reason} />,
        },
        { name: 'Took', value: <ElapsedText from={run.startedAt} to={run.endedAt} /> },
        {
          name: 'Deadline',
          value: run.deadlineAt && (
            <DeadlineText
              at={run.deadlineAt}
              endedAt={run.endedAt}
              hasFailed={run.status === 'FAILED' || run.status === 'ENDED'}
            />
          ),
        },
        { name: 'Expected', value: run.endedAt === null ? <ExpectedEnd run={run} /> : null },
        {
          name: 'Flow',
          value: (
            <Link
              to="/flows/$flow"
              params={{ flow: run.flowName }}
              search={{ version: run.flowVersion }}
            >
              {run.flowName}, version {run.flowVersion}
            </Link>
          ),
        },
        {
          name: 'Again of',
          value: run.rerunOf && (
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: run.rerunOf }}>
              an earlier flow run
            </Link>
          ),
        },
        {
          name: 'Started by',
          value: run.trigger && (
            <Link to="/triggers/$trigger" params={{ trigger: run.trigger }}>
              trigger {run.trigger}
            </Link>
          ),
        },
        {
          name: 'Part of',
          value: run.batchId && (
            <Link to="/flow-batches/$batchId" params={{ batchId: run.batchId }}>
              a batch
            </Link>
          ),
        },
        { name: 'Began at', value: run.startState },
        {
          name: 'Shot',
          value:
            run.instrument &&
            `${run.instrument}${run.shotNumber === null ? '' : `, ${run.shotNumber}`}`,
        },
        { name: 'Owner', value: `${run.owner}, project ${run.project}` },
        { name: 'Urgency', value: run.urgency },
        { name: 'Started', value: <TimeText at={run.startedAt} /> },
        { name: 'Ended', value: run.endedAt && <TimeText at={run.endedAt} /> },
        { name: 'Raw data', value: run.datasetId && <DatasetLink id={run.datasetId} /> },
        { name: 'Result', value: run.resultDatasetId && <DatasetLink id={run.resultDatasetId} /> },
        {
          name: 'Jobs',
          value: (
            <Link to="/jobs" search={{ flowRun: run.id }}>
              jobs of this flow run
            </Link>
          ),
        },
        {
          name: 'Tags',
          value: Object.entries(run.tags)
            .map(([name, value]) => `${name}=${value}`)
            .join(', '),
        },
        { name: 'Id', value: <span className="ip-mono">{run.id}</span> },
      ]}
    />
  );
}

/** How often a state was entered, wherever it stands. */
function visitsOf(
  state: string,
  states: Schemas['FlowRunDocument']['states'],
  isState: (name: string) => boolean,
) {
  const counts = { visits: 0, active: 0, failed: 0 };
  for (const { path, visits, active, failed } of states) {
    if (placeOfStep(path, isState).state !== state) continue;
    counts.visits += visits;
    counts.active += active;
    counts.failed += failed;
  }
  return counts;
}

/** How often states of the flow itself were entered. */
function ownVisits(
  states: Schemas['FlowRunDocument']['states'],
  isState: (name: string) => boolean,
): number {
  return states.reduce((sum, { path, visits }) => sum + (isState(path) ? visits : 0), 0);
}

/** An output that is too large to be read on a page. */
function LargeOutput(props: { flowRunId: string; bytes: number }) {
  const address = `/api/v1/flow-runs/${props.flowRunId}/output`;
  return (
    <p>
      <a href={address} download={`${props.flowRunId}.output.json`}>
        Download the output
      </a>{' '}
      <span className="ip-dim">{formatBytes(props.bytes)}</span>
    </p>
  );
}

function DatasetLink(props: { id: string }) {
  return (
    <Link to="/catalog/$datasetId" params={{ datasetId: props.id }}>
      open in the catalog
    </Link>
  );
}
