import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { jobQueries } from '../api/job-queries.ts';
import { queries } from '../api/queries.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import classes from './provenance.module.css';

type Dataset = Schemas['Dataset'];

/** Where a dataset came from, what made it, and what was made from it: left to right. */
export function Provenance(props: { dataset: Dataset; sources: Dataset[]; results: Dataset[] }) {
  const { dataset, sources, results } = props;
  return (
    <div className={classes.path}>
      <Column title="From">
        {sources.map((source) => (
          <DatasetLink key={source.id} dataset={source} />
        ))}
        {sources.length === 0 && (
          <span className="ip-dim">
            {dataset.instrument === null
              ? 'registered as it is'
              : `measured by ${dataset.instrument}`}
          </span>
        )}
      </Column>
      <Column title="Made by">
        {dataset.flowRunId !== null && <MadeByFlowRun flowRunId={dataset.flowRunId} />}
        {dataset.jobId !== null && <MadeByJob jobId={dataset.jobId} />}
        {dataset.flowRunId === null && dataset.jobId === null && (
          <span className="ip-dim">{dataset.owner}</span>
        )}
      </Column>
      <Column title="This dataset">
        <span>{dataset.title}</span>
      </Column>
      <Column title="Derived from it">
        {results.map((result) => (
          <DatasetLink key={result.id} dataset={result} />
        ))}
        {results.length === 0 && <span className="ip-dim">nothing yet</span>}
      </Column>
    </div>
  );
}

function Column(props: { title: string; children: ReactNode }) {
  return (
    <div className={classes.column}>
      <h3>{props.title}</h3>
      {props.children}
    </div>
  );
}

function DatasetLink(props: { dataset: Dataset }) {
  return (
    <Link to="/catalog/$datasetId" params={{ datasetId: props.dataset.id }}>
      {props.dataset.title}
    </Link>
  );
}

function MadeByFlowRun(props: { flowRunId: string }) {
  const { data } = useQuery(queries.flowRun(props.flowRunId));
  const run = data?.flowRun;
  return (
    <span>
      flow run{' '}
      <Link to="/flow-runs/$flowRunId" params={{ flowRunId: props.flowRunId }}>
        {run?.label || props.flowRunId}
      </Link>
      {run && (
        <small>
          {run.flowName}, version {run.flowVersion}
        </small>
      )}
    </span>
  );
}

function MadeByJob(props: { jobId: string }) {
  const { data } = useQuery(jobQueries.job(props.jobId));
  const command = data?.attempts.at(-1)?.argv ?? data?.job.command.flat() ?? [];
  return (
    <span>
      job{' '}
      <Link to="/jobs/$jobId" params={{ jobId: props.jobId }}>
        {data?.job.label || props.jobId}
      </Link>
      {data && (
        <small>
          {data.job.app ?? 'plain command'} at {data.job.siteName ?? 'no site'}
          {data.job.state !== 'completed' && <StatusMark status={data.job.state} />}
        </small>
      )}
      {command.length > 0 && <code className={classes.command}>{command.join(' ')}</code>}
    </span>
  );
}
