import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { followThing } from '../follow-thing.ts';
import { createProgressLine, progressBar } from '../output/progress-bar.ts';
import { span } from '../output/quantities.ts';
import { stepName } from '../output/step-name.ts';
import { whatItDoes } from './what-it-does.ts';

/** How a followed flow run ended. */
export interface FollowedFlowRun {
  id: string;
  status: string;
  reason: string | null;
  resultDatasetId: string | null;
}

/** `flow-run follow`: steps as they end, a bar while they run; exit code 1 when it fails. */
export async function followFlowRun(context: Context, flowRunId: string): Promise<FollowedFlowRun> {
  const line = createProgressLine(context.out);
  const params = { path: { flowRunId } };
  let printed = 0;
  const end = await followThing(context, {
    concerns: (event) => event.flowRunId === flowRunId || event.subjectId === flowRunId,
    fetch: () => unwrap(context.client.GET('/api/v1/flow-runs/{flowRunId}', { params })),
    isEnd: ({ flowRun }) => !['ACTIVE', 'INACTIVE'].includes(flowRun.status),
    show: ({ flowRun, steps }) => {
      const nowAt = new Date().toISOString();
      for (const step of steps.filter((each) => each.sequence > printed && each.endedAt !== null)) {
        // Steps are printed in their order, each once.
        if (step.sequence !== printed + 1) break;
        printed = step.sequence;
        line.clear();
        const took = span(step.startedAt, step.endedAt, nowAt);
        const why = step.reason === null ? '' : `: ${step.reason}`;
        const mark = step.status === 'succeeded' ? '✓' : '✗';
        const isWork = step.stateType === 'Action' || step.status !== 'succeeded';
        const name = stepName(step.stateName, steps);
        context.out.item(step, () => (isWork ? `  ${mark} ${name} (${took})${why}` : ''));
      }
      const share = flowRun.stepsTotal === 0 ? 0 : flowRun.stepsDone / flowRun.stepsTotal;
      const doing = whatItDoes(flowRun, nowAt) ?? flowRun.status;
      line.show(`  ${progressBar(share, 20)} ${doing} (${span(flowRun.startedAt, null, nowAt)})`);
    },
  });
  line.clear();
  const { flowRun } = end;
  const took = span(flowRun.startedAt, flowRun.endedAt, context.nowAt);
  const why = flowRun.reason === null ? '' : `: ${flowRun.reason}`;
  context.out.item(flowRun, () => `${flowRun.id} ${flowRun.status} after ${took}${why}`);
  if (flowRun.status !== 'SUCCEEDED') process.exitCode = 1;
  return flowRun;
}
