import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { CloseButton } from '@mantine/core';
import { jobQueries } from '../api/job-queries.ts';
import type { JobsSearch } from '../search-params.ts';
import classes from './limit-chips.module.css';

/** What a list of jobs is limited to by the link that led here; each can be taken away. */
export function LimitChips(props: {
  search: JobsSearch;
  onChange: (change: Record<string, unknown>) => void;
}) {
  const { ensemble, flowRun, parent, pilot, project, reason, reasonIs, createdBy } = props.search;
  const chip = (key: keyof JobsSearch, words: React.ReactNode) => (
    <span key={key} className={classes.chip}>
      <span>{words}</span>
      <CloseButton
        size="xs"
        aria-label={`Without this limit: ${key}`}
        onClick={() => props.onChange({ [key]: undefined })}
      />
    </span>
  );
  const chips = [
    ensemble && chip('ensemble', <EnsembleWords ensembleId={ensemble} />),
    flowRun &&
      chip(
        'flowRun',
        <Link to="/flow-runs/$flowRunId" params={{ flowRunId: flowRun }}>
          of a flow run
        </Link>,
      ),
    createdBy &&
      chip(
        'createdBy',
        <>
          submitted by{' '}
          <Link to="/jobs/$jobId" params={{ jobId: createdBy }}>
            a job
          </Link>
        </>,
      ),
    parent &&
      chip(
        'parent',
        <>
          waiting for{' '}
          <Link to="/jobs/$jobId" params={{ jobId: parent }}>
            a job
          </Link>
        </>,
      ),
    pilot && chip('pilot', 'of one pilot'),
    project && chip('project', `project ${project}`),
    reason && chip('reason', `reason: ${reason}`),
    reasonIs && chip('reasonIs', `reason: ${reasonIs}`),
  ].filter(Boolean);
  return chips.length === 0 ? null : <div className={classes.chips}>{chips}</div>;
}

function EnsembleWords(props: { ensembleId: string }) {
  const { data } = useQuery(jobQueries.ensemble(props.ensembleId));
  return (
    <>
      ensemble{' '}
      <Link to="/ensembles/$ensembleId" params={{ ensembleId: props.ensembleId }}>
        {data?.ensemble.label ?? '…'}
      </Link>
    </>
  );
}
