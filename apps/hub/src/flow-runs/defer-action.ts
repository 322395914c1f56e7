import { randomBytes } from 'node:crypto';
import { mostWords, wordsAt } from '@interpulse/domain/hide-words.ts';
import type { Json, JsonTrail } from '@interpulse/domain/json.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { insertActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import type { ActionStart } from '../actions/action.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** A step whose action the hub carries out after the commit. */
export interface DeferredStep {
  flowRunId: string;
  step: number;
  state: string;
  action: string;
  /** What the definition names. */
  provider: string;
  input: Json;
  /** Where `input` has private values. */
  privatePaths: readonly JsonTrail[];
  waitTimeSeconds: number;
  /** For whom it is carried out. */
  ownerId: string;
  project: string;
}

/** Writes an action that is carried out after the commit; see `DeferredAction`. */
export async function deferAction(
  hub: Hub,
  tx: HubTransaction,
  deferred: DeferredStep,
  { request, location }: ActionStart & { kind: 'deferred' },
  at: string,
): Promise<void> {
  const { flowRunId, step, state, action, provider, waitTimeSeconds } = deferred;
  const row = {
    id: hub.newId('action'),
    flowRunId,
    step,
    action,
    address: provider,
    stateName: state,
    request,
    privateWords: wordsAt(deferred.input, deferred.privatePaths).slice(0, mostWords + 1),
    callbackKey: randomBytes(32).toString('base64url'),
    deadlineAt: addSeconds(at, waitTimeSeconds),
    ownerId: deferred.ownerId,
    project: deferred.project,
    collection: location === undefined ? null : parseLocation(location).collection,
  };
  await insertActionRun(tx, row, at);
  tx.notify([topics.actions]);
}
