import { lazy, Suspense } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';

// With forms and checks of input schemas, which a page that is only looked at does not need.
const RerunButton = lazy(async () => {
  const { RerunButton: button } = await import('./rerun-button.tsx');
  return { default: button };
});

/** What one may do with a flow run as it stands: cancel it, go on with it, run it again. */
export function RunActions(props: {
  flowRun: Schemas['FlowRun'];
  input: unknown;
  entered: string[];
}) {
  const { flowRun, input, entered } = props;
  const queryClient = useQueryClient();
  const params = { path: { flowRunId: flowRun.id } };
  const act = async (answer: Promise<unknown>) => {
    await answer;
    await queryClient.invalidateQueries({ queryKey: queries.flowRun(flowRun.id).queryKey });
  };
  const isOpen = flowRun.endedAt === null;
  return (
    <>
      {flowRun.status === 'INACTIVE' && flowRun.blockingWebInputId === null && (
        <ConfirmButton
          label="Resume"
          question={`It waits: ${flowRun.reason ?? 'for a person'}. Then it goes on.`}
          confirm="Resume"
          onConfirm={() =>
            act(unwrap(hub.POST('/api/v1/flow-runs/{flowRunId}/resume', { params })))
          }
        />
      )}
      {isOpen && (
        <ConfirmButton
          label="Cancel flow run"
          question="The flow run ends here; jobs and transfers it started are canceled too."
          confirm="Cancel flow run"
          onConfirm={() =>
            act(unwrap(hub.POST('/api/v1/flow-runs/{flowRunId}/cancel', { params })))
          }
        />
      )}
      {!isOpen && (
        <Suspense fallback={null}>
          <RerunButton flowRun={flowRun} entered={entered} input={input} />
        </Suspense>
      )}
    </>
  );
}
