import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';

/** What an action is started with. Its effects go into `tx`, beside the run's progress. */
export interface ActionCall {
  hub: Hub;
  tx: HubTransaction;
  run: LockedFlowRun;
  step: number;
  state: string;
  input: Json;
  at: string;
}

/** How an action began. */
export type ActionStart =
  | { kind: 'pending'; jobId?: string; transferId?: string }
  | { kind: 'ended'; document: JsonObject; resultDatasetId?: string }
  | { kind: 'unable'; reason: string };

/** A built-in action of flows: `interpulse:NAME`. Adding one is a file and a line in the record. */
export interface Action {
  start(call: ActionCall): Promise<ActionStart>;
}
