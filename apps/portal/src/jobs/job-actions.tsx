import { Link } from '@tanstack/react-router';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { jobQueries } from '../api/job-queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';

/** What can be done with a job: end it, run it again, or submit one like it. */
export function JobActions(props: { job: Schemas['Job'] }) {
  const { id, state, endedAt } = props.job;
  const queryClient = useQueryClient();
  const path = { jobId: id };
  const refresh = () => queryClient.invalidateQueries({ queryKey: jobQueries.job(id).queryKey });
  const cancel = async () => {
    await unwrap(hub.POST('/api/v1/jobs/{jobId}/cancel', { params: { path } }));
    await refresh();
  };
  const retry = useMutation({
    mutationFn: () => unwrap(hub.POST('/api/v1/jobs/{jobId}/retry', { params: { path } })),
    onSuccess: refresh,
  });
  return (
    <>
      {retry.isError && <ProblemNotice error={retry.error} />}
      {(state === 'failed' || state === 'canceled') && (
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          Run again
        </Button>
      )}
      <Link to="/jobs/new" search={{ from: id }}>
        <Button component="span" variant="default">
          Edit and submit anew
        </Button>
      </Link>
      {endedAt === null && (
        <ConfirmButton
          label="Cancel job"
          question="A job that runs is asked to end, and stopped a few seconds later."
          confirm="Cancel job"
          onConfirm={cancel}
        />
      )}
    </>
  );
}
