import { createHash } from 'node:crypto';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  findProvidedByRequest,
  insertProvidedAction,
} from '@interpulse/store/action-runs/provided-actions.ts';
import { findFlowRun } from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { startFlowRun } from '../flow-runs/start-flow-run.ts';
import type { Hub } from '../hub.ts';
import { readActionRequest } from './action-request.ts';
import { flowOfProvider, type OwnProvider } from './find-provider.ts';
import { granteesOfUrns } from './grantees-of-urns.ts';
import { providedStatus } from './provided-status.ts';

/** Where the caller wants to hear of the end, and with what the word is signed. */
export interface AskedCallback {
  url: string;
  key: string;
}

/** What a request says beside its body. */
export interface RunHeaders {
  callback: AskedCallback | null;
  /** The project in which the flow run shall be. */
  project: string | undefined;
}

/** A start, or the answer to the same words again. */
export interface RunAnswer {
  status: 200 | 202;
  document: JsonObject;
}

/**
 * Starts a flow run by the contract, once for a `request_id`.
 * @throws DomainError conflict for the same `request_id` with other words.
 */
export async function runProvided(
  hub: Hub,
  who: Principal,
  provider: OwnProvider,
  json: unknown,
  { callback, project: wanted }: RunHeaders,
): Promise<RunAnswer> {
  const request = readActionRequest(json, hub.now());
  const requestHash = createHash('sha256').update(canonical(json)).digest();
  return hub.transaction(async (tx) => {
    const known = await findProvidedByRequest(tx, who.id, provider.path, request.requestId);
    if (known !== undefined) {
      const run = await findFlowRun(tx, known.id);
      if (known.isReleased || run === undefined || !known.requestHash.equals(requestHash)) {
        const why = known.isReleased ? 'was released' : 'came with other words before';
        throw new DomainError('conflict', `request_id ${request.requestId} ${why}; take another`);
      }
      return { status: 200, document: await providedStatus(tx, known, run) };
    }
    const { flow, project, managers } = await flowOfProvider(hub, tx, who, provider, wanted);
    const [mayManage, mayMonitor] = await Promise.all(
      [request.manageBy, request.monitorBy].map((urns) =>
        granteesOfUrns(tx, urns ?? [], hub.mapping.principals),
      ),
    );
    const id = hub.newId('flowrun');
    await startFlowRun(hub, tx, {
      id,
      flow,
      input: request.body,
      label: request.label ?? '',
      urgency: 'normal',
      deadlineAt: request.deadlineAt,
      tags: {},
      project,
      managers: [...new Set([...managers, ...(mayManage ?? [])])],
      monitors: mayMonitor ?? [],
      owner: who,
      instrument: null,
      shotNumber: null,
      datasetId: null,
    });
    const action = {
      ...request,
      id,
      provider: provider.path,
      creatorId: who.id,
      requestHash,
      callbackUrl: callback?.url ?? null,
      callbackKey: callback?.key ?? null,
    };
    await insertProvidedAction(tx, action, hub.now());
    const run = await findFlowRun(tx, id);
    if (run === undefined) throw new DomainError('notFound', `there is no flow run ${id}`);
    return { status: 202, document: await providedStatus(tx, action, run) };
  });
}

/** The same text for the same words, in whatever order their members come. */
function canonical(json: unknown): string {
  return JSON.stringify(json, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const sorted = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(sorted);
  });
}
