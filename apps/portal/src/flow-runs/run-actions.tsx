import { lazy, Suspense, useState } from 'react';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { pageCode } from '../shell/page-code.ts';

// With forms and checks of input schemas, which a page that is only looked at does not need.
const RerunButton = lazy(
  pageCode(async () => {
    const { RerunButton: button } = await import('./rerun-button.tsx');
    return { default: button };
  }),
);

const ChangeRunDialog = lazy(
  pageCode(async () => {
    const { ChangeRunDialog: dialog } = await import('./change-run-dialog.tsx');
    return { default: dialog };
  }),
);

/** What one may do with a flow run as it stands: change or cancel it, go on, run it again. */
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
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      {flowRun.status === 'INACTIVE' && flowRun.blockingWebInputId === null && (
        <ConfirmButton
          label="Resume"
          isHarmless
          question={
            `${flowRun.reason ?? 'It waits for a person'}. When that is done: the action is ` +
            'asked at once, and the flow run goes on, or says again what it needs.'
          }
          confirm="Resume"
          onConfirm={() =>
            act(unwrap(hub.POST('/api/v1/flow-runs/{flowRunId}/resume', { params })))
          }
        />
      )}
      <Button variant="default" onClick={() => setChanging(true)}>
        Change…
      </Button>
      <Suspense fallback={null}>
        {isChanging && <ChangeRunDialog flowRun={flowRun} onClose={() => setChanging(false)} />}
      </Suspense>
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
