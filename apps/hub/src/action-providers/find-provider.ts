import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { actionInputSchemas } from '@interpulse/domain/flow/action-inputs.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import type { Transaction } from '@interpulse/store/executor.ts';
import { findFlow, saveFlow, type OwnedFlow } from '@interpulse/store/flows/flows.ts';
import { actionNamed } from '../actions/deferred-action.ts';
import { startPlace, type StartPlace } from '../flow-runs/start-place.ts';
import { demand, projectFor } from '../http/handler.ts';
import type { Hub } from '../hub.ts';

/** Something of this hub that others may run by the contract. */
export interface OwnProvider {
  /** The path below `/action-providers`. */
  path: string;
  title: string;
  description: string;
  inputSchema: JsonObject | null;
  /** The project in which its flow runs are; null for the caller's. */
  project: string | null;
  ownerId: string | null;
  /** Null for a built-in action. */
  flow: OwnedFlow | null;
}

/** The provider that a path names. @throws DomainError notFound. */
export async function findProvider(
  hub: Hub,
  who: Principal,
  { flow: flowName, action }: { flow?: string; action?: string },
): Promise<OwnProvider> {
  if (flowName !== undefined) {
    const flow = await findFlow(hub.db, flowName);
    if (flow === undefined || flow.archivedAt !== null) throw noProvider(`flow "${flowName}"`);
    demand(who, 'read', flowThing(flow), `flow "${flowName}"`);
    const { title, description, inputSchema, project, ownerId } = flow;
    const path = `flows/${flowName}`;
    return { path, title: title || flowName, description, inputSchema, project, ownerId, flow };
  }
  const name = action ?? '';
  if (!/^[a-z][a-z-]{0,40}$/.test(name) || actionNamed(name) === undefined || name === 'https') {
    throw noProvider(`action "${name}"`);
  }
  const description = `The action interpulse:${name} of this hub, as one flow run each time.`;
  const inputSchema = inputSchemaOf(name);
  const rest = { project: null, ownerId: null, flow: null };
  return { path: name, title: `interpulse:${name}`, description, inputSchema, ...rest };
}

/** The flow whose run carries an action out: a built-in action gets one in the caller's project. */
export async function flowOfProvider(
  hub: Hub,
  tx: Transaction,
  who: Principal,
  provider: OwnProvider,
  wanted: string | undefined,
): Promise<{ flow: OwnedFlow } & StartPlace> {
  const { flow: named } = provider;
  if (named !== null) return { flow: named, ...startPlace(who, named, wanted) };
  const project = projectFor(who, wanted, 'run');
  const name = flowNameOf(provider, project);
  const known = await findFlow(tx, name);
  if (known !== undefined) {
    const isOurs = known.project === project && known.description === provider.description;
    if (isOurs) return { flow: known, project, managers: [] };
    const message = `the flow "${name}" is in the way of ${provider.title}; give it another name`;
    throw new DomainError('conflict', message);
  }
  const Act = {
    Type: 'Action',
    ActionUrl: `interpulse:${provider.path}`,
    InputPath: '$',
    ResultPath: '$',
    WaitTime: Math.min(30 * 86_400, flowLimits.waitSeconds),
    End: true,
  };
  const flow = {
    id: hub.newId('flow'),
    name,
    title: provider.title,
    description: provider.description,
    definition: { StartAt: 'Act', States: { Act } },
    inputSchema: {},
    project,
    ownerId: who.id,
  };
  await saveFlow(tx, flow, hub.now());
  const saved = await findFlow(tx, name);
  if (saved === undefined) throw noProvider(`flow "${name}"`);
  return { flow: saved, project, managers: [] };
}

/** Long names are cut where a name may be no longer, and told apart by a digest of the whole. */
function flowNameOf({ path }: OwnProvider, project: string): string {
  const name = `action-${path}-${project}`;
  if (nameSchema.safeParse(name).success) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, 50)}-${digest}`;
}

function inputSchemaOf(name: string): JsonObject | null {
  const schemas: Record<string, z.ZodType> = actionInputSchemas;
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema === undefined) return null;
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}

function noProvider(what: string): DomainError {
  return new DomainError('notFound', `there is no ${what} to run here`);
}
