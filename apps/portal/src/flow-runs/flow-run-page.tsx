import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { DeadlineText } from '../parts/deadline-text.tsx';
import { ElapsedText } from '../parts/elapsed-text.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { QuestionNotice } from '../questions/question-notice.tsx';
import { FlowRunLog } from './flow-run-log.tsx';
import { StepDetails } from './step-details.tsx';
import { TimeLine } from './time-line.tsx';
import classes from './flow-run-page.module.css';

const route = getRouteApi('/flow-runs/$flowRunId');

/** One flow run: how it stands, its steps in time, its log, what went in and came out. */
export function FlowRunPage() {
  const { flowRunId } = route.useParams();
  const queryClient = useQueryClient();
  const { data, isLoadingError, error, refetch } = useQuery(queries.flowRun(flowRunId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { flowRun, steps, definition, input, output } = data;
  const cancel = async () => {
    const path = { flowRunId };
    await unwrap(hub.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params: { path } }));
    await queryClient.invalidateQueries({ queryKey: queries.flowRun(flowRunId).queryKey });
  };
  return (
    <>
      <PageHeader
        title={flowRun.label || flowRun.id}
        above={<Link to="/flow-runs">Flow runs</Link>}
      >
        {flowRun.endedAt === null && (
          <ConfirmButton
            label="Cancel flow run"
            question="The flow run ends here; jobs and transfers it started are canceled too."
            confirm="Cancel flow run"
            onConfirm={cancel}
          />
        )}
      </PageHeader>
      <QuestionNotice flowRunId={flowRunId} />
      <div className={classes.grid}>
        <section className="ip-panel">
          <h2>Status</h2>
          <RunFacts flowRun={flowRun} />
        </section>
        <div className="ip-stack">
          <section className="ip-panel">
            <h2>
              Steps, {flowRun.stepsDone} of {flowRun.stepsTotal} done
            </h2>
            <TimeLine flowRun={flowRun} steps={steps} />
          </section>
          <section className="ip-panel">
            <h2>What each step was given and gave</h2>
            <StepDetails steps={steps} />
          </section>
        </div>
        <section className={`ip-panel ${classes.wide}`}>
          <h2>Log</h2>
          <FlowRunLog flowRunId={flowRunId} />
        </section>
        <section className={`ip-panel ${classes.wide}`}>
          <JsonView title="Input" value={input} />
          <JsonView title="Output" value={output} />
          <JsonView title="Definition" value={definition} isOpen={false} />
        </section>
      </div>
    </>
  );
}

function RunFacts(props: { flowRun: Schemas['FlowRun'] }) {
  const run = props.flowRun;
  return (
    <FactList
      facts={[
        { name: 'Status', value: <StatusMark status={run.status} /> },
        { name: run.status === 'FAILED' ? 'Why' : 'Now', value: run.reason },
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
        {
          name: 'Flow',
          value: (
            <Link to="/flow-runs" search={{ flow: run.flowName }}>
              {run.flowName}, version {run.flowVersion}
            </Link>
          ),
        },
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

function DatasetLink(props: { id: string }) {
  return (
    <Link to="/catalog/$datasetId" params={{ datasetId: props.id }}>
      open in the catalog
    </Link>
  );
}
