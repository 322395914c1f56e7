import type { Schemas } from './create-client.ts';

/** A flow run failed or was canceled; carries why. */
export class FlowRunFailed extends Error {
  readonly flowRun: Schemas['FlowRun'];
  readonly reason: string | null;

  constructor(flowRun: Schemas['FlowRun']) {
    const name = flowRun.label || flowRun.flowName;
    super(`${name} ${flowRun.id} ${flowRun.status}: ${flowRun.reason ?? 'no reason given'}`);
    this.name = 'FlowRunFailed';
    this.flowRun = flowRun;
    this.reason = flowRun.reason;
  }

  /** Whether it was canceled, by its owner or somebody else. */
  get isCanceled(): boolean {
    return this.flowRun.status === 'ENDED';
  }
}
