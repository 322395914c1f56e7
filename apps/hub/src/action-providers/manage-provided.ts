import { z } from 'zod';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowRunThing } from '@interpulse/domain/flow-run/flow-access.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import {
  findProvidedAction,
  releaseProvidedAction,
  type ProvidedAction,
} from '@interpulse/store/action-runs/provided-actions.ts';
import {
  findFlowRun,
  listFlowLog,
  type OwnedFlowRun,
} from '@interpulse/store/flow-runs/read-flow-runs.ts';
import { applyFlowEvent } from '../flow-runs/apply-flow-event.ts';
import { demand } from '../http/handler.ts';
import type { Hub } from '../hub.ts';
import { providedStatus } from './provided-status.ts';

/** An action that somebody asks about. */
export interface Provided {
  action: ProvidedAction;
  run: OwnedFlowRun;
}

/** Lines of one page of a log, where no fewer are asked for. */
const mostLines = 500;

/** The action that a caller means. @throws DomainError notFound when unknown or released. */
export async function findProvided(
  hub: Hub,
  who: Principal,
  { id, path }: { id: string; path: string },
  verb: 'read' | 'run',
): Promise<Provided> {
  const action = await findProvidedAction(hub.db, id, path, hub.now());
  const run = action && (await findFlowRun(hub.db, id));
  if (action === undefined || run === undefined) {
    throw new DomainError('notFound', `there is no action ${id}; it may have been released`);
  }
  demand(who, verb, flowRunThing(run, run), `action ${id}`);
  return { action, run };
}

/** Cancels the flow run. @throws DomainError conflict when it is over. */
export async function cancelProvided(
  hub: Hub,
  who: Principal,
  { action, run }: Provided,
): Promise<JsonObject> {
  const event = { kind: 'canceled', by: who.name, reason: 'asked for' } as const;
  const hasChanged = await hub.transaction((tx) => applyFlowEvent(hub, tx, run.id, event));
  if (!hasChanged) throw new DomainError('conflict', `action ${run.id} is over (${run.status})`);
  return providedStatus(hub.db, action, (await findFlowRun(hub.db, run.id)) ?? run);
}

/** Forgets an action that is over, but not the flow run. @throws DomainError conflict. */
export async function releaseProvided(hub: Hub, { action, run }: Provided): Promise<JsonObject> {
  if (run.endedAt === null) {
    throw new DomainError('conflict', `action ${run.id} is under way; cancel it first`);
  }
  await releaseProvidedAction(hub.db, run.id, hub.now());
  return providedStatus(hub.db, action, run);
}

const logQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(mostLines).default(mostLines),
  reverse_order: z.stringbool().default(false),
  marker: z.coerce.number().int().min(0).optional(),
});

/**
 * A page of the flow run's log, as Globus' own providers tell theirs.
 * @throws ZodError for a page that is none.
 */
export async function logOfProvided(
  hub: Hub,
  { run }: Provided,
  query: unknown,
): Promise<JsonObject> {
  const { limit, reverse_order: newestFirst, marker } = logQuerySchema.parse(query);
  const page = { newestFirst, limit, ...(marker === undefined ? {} : { after: marker }) };
  const { lines, hasMore } = await listFlowLog(hub.db, run.id, page);
  const entries = lines.map(({ at: time, code, description, details }) => {
    return { time, code, description, details };
  });
  const next = hasMore ? { marker: String(lines.at(-1)?.sequence ?? 0) } : {};
  return { limit, has_next_page: hasMore, ...next, entries };
}
