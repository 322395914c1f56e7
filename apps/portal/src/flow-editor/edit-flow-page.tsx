import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FormForThose } from '../access/form-for-those.tsx';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { draftOfFlow } from './flow-drafts.ts';
import { FlowEditor } from './flow-editor.tsx';

const route = getRouteApi('/flows/$flow/edit');

/** Edits a flow: saving makes a new version. */
export function EditFlowPage() {
  const { flow: name } = route.useParams();
  // What others save meanwhile must not replace what one writes; the dialog that saves says so.
  const { data, isLoadingError, error } = useQuery({
    ...queries.flow(name),
    refetchOnMount: 'always',
  });
  return (
    <>
      <PageHeader
        title={`Edit ${data?.title || name}`}
        above={
          <Link to="/flows/$flow" params={{ flow: name }}>
            {name}
          </Link>
        }
      />
      {isLoadingError && <ProblemNotice error={error} />}
      {data && (
        <FormForThose what="change this flow" project={data.project} named={data.administrators}>
          <FlowEditor key={name} start={draftOfFlow(data)} saved={data} />
        </FormForThose>
      )}
    </>
  );
}
