import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatDuration } from '../format/duration.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';

type Considered = Schemas['JobExplanation']['sites'][number];

const seconds = (pick: (estimate: NonNullable<Considered['estimate']>) => number) =>
  function cell(site: Considered) {
    return site.estimate === null ? '' : formatDuration(pick(site.estimate));
  };

const columns: TableColumn<Considered>[] = [
  { id: 'site', header: 'Site', isMain: true, cell: (site) => site.siteName },
  {
    id: 'verdict',
    header: 'Verdict',
    cell: (site) =>
      site.refusal ?? (site.estimate?.inTime === false ? 'possible, but late' : 'possible'),
  },
  {
    id: 'transfer',
    header: 'Transfer',
    align: 'right',
    cell: seconds((each) => each.transferSeconds),
  },
  { id: 'wait', header: 'Wait', align: 'right', cell: seconds((each) => each.waitSeconds) },
  { id: 'run', header: 'Run', align: 'right', cell: seconds((each) => each.runSeconds) },
  {
    id: 'finish',
    header: 'Finished by',
    align: 'right',
    cell: (site) => (site.estimate === null ? '' : <TimeText at={site.estimate.finishAt} />),
  },
];

/** Why a job waits, runs where it runs, or failed, and what the placer saw. */
export function JobExplanation(props: { job: Schemas['Job'] }) {
  const { data, isLoadingError, error } = useQuery(queries.jobExplanation(props.job.id));
  return (
    <section className="ip-panel">
      <h2>{props.job.endedAt === null ? 'Why it is where it is' : 'What became of it'}</h2>
      {isLoadingError && <ProblemNotice error={error} />}
      {data && (
        <>
          <p style={{ margin: '0 0 4px', fontSize: '1.0625rem' }}>{data.summary}</p>
          {data.unblock !== null && <p style={{ margin: '0 0 8px' }}>{data.unblock}</p>}
          {data.sites.length > 0 && (
            <DataTable
              label="Sites considered"
              columns={columns}
              rows={data.sites}
              rowKey={(site) => site.siteName}
              empty=""
            />
          )}
        </>
      )}
    </section>
  );
}
