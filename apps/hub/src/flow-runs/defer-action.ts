import { randomBytes } from 'node:crypto';
import { mostWords, wordsAt } from '@interpulse/domain/hide-words.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { insertActionRun } from '@interpulse/store/action-runs/write-action-runs.ts';
import type { ActionCall, ActionStart } from '../actions/action.ts';
import { topics } from '../hub.ts';

/**
 * Writes an action that is carried out after the commit, by the name for `actionNamed`; see
 * `DeferredAction`.
 */
export async function deferAction(
  { hub, tx, run, step, state, provider, waitTimeSeconds, at, input, privatePaths }: ActionCall,
  name: string,
  { request, location }: ActionStart & { kind: 'deferred' },
): Promise<void> {
  const row = {
    id: hub.newId('action'),
    flowRunId: run.id,
    step,
    action: name,
    address: provider,
    stateName: state,
    request,
    privateWords: wordsAt(input, privatePaths).slice(0, mostWords + 1),
    callbackKey: randomBytes(32).toString('base64url'),
    deadlineAt: addSeconds(at, waitTimeSeconds),
    ownerId: run.ownerId,
    project: run.project,
    collection: location === undefined ? null : parseLocation(location).collection,
  };
  await insertActionRun(tx, row, at);
  tx.notify([topics.actions]);
}
