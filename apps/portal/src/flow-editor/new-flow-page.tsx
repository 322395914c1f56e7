import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FormForThose } from '../access/form-for-those.tsx';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { draftOfFlow, newDraft } from './flow-drafts.ts';
import { FlowEditor } from './flow-editor.tsx';

const route = getRouteApi('/flows/new');

/** Writes a new flow, from a small example or as a copy of another one. */
export function NewFlowPage() {
  const { from } = route.useSearch();
  const { data, isLoadingError, error } = useQuery({
    ...queries.flow(from ?? ''),
    enabled: from !== undefined,
  });
  const start = from === undefined ? newDraft : data && { ...draftOfFlow(data), name: '' };
  return (
    <>
      <PageHeader title="New flow" above={<Link to="/flows">Flows</Link>} />
      {isLoadingError && <ProblemNotice error={error} />}
      {start && (
        <FormForThose what="make a flow">
          <FlowEditor key={from ?? ''} start={start} saved={null} />
        </FormForThose>
      )}
    </>
  );
}
