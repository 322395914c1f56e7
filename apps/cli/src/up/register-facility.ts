import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  unwrap,
  type InterpulseClient,
  type Schemas,
} from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { partPath } from '../programs.ts';
import { facility } from './agent-configs.ts';
import { project } from './start-hub.ts';

/** The service account under which shots are analysed. */
const serviceAccount = facility.instrument;
const trigger = 'shots';

/** Brings the shipped apps and flows and the service account into the hub; safe to repeat. */
export async function registerFacility(client: InterpulseClient): Promise<void> {
  const examples = join(partPath('examples'), 'apps');
  for (const { name, ...body } of jsonFiles(examples, '.app.json')) {
    const params = { path: { app: String(name) } };
    await unwrap(
      client.PUT('/api/v1/apps/{app}', { params, body: body as Schemas['SaveAppBody'] }),
    );
  }
  for (const { name, ...body } of jsonFiles(partPath('flows'), '.flow.json')) {
    await saveFlow(client, String(name), body as Schemas['SaveFlowBody']);
  }
  await addServiceAccount(client);
}

/** Whether the hub knows what to do with a shot. */
export async function hasTrigger(client: InterpulseClient): Promise<boolean> {
  const { items } = await unwrap(client.GET('/api/v1/triggers', { params: { query: {} } }));
  return items.some(({ name }) => name === trigger);
}

/** Lets each shot start the xpcs flow as the service account; the instrument must be known. */
export async function addTrigger(client: InterpulseClient): Promise<void> {
  const body: Schemas['SaveTriggerBody'] = {
    enabled: true,
    source: { kind: 'file', instrument: facility.instrument, pattern: '/raw/*.nxs' },
    flowName: 'xpcs',
    input: {},
    deadline: 'nextShot',
    urgency: 'urgent',
    project,
    runAs: serviceAccount,
  };
  const params = { path: { trigger } };
  await unwrap(client.PUT('/api/v1/triggers/{trigger}', { params, body }));
}

/** Every save is a new version, so what has not changed is left alone. */
async function saveFlow(
  client: InterpulseClient,
  flow: string,
  body: Schemas['SaveFlowBody'],
): Promise<void> {
  const params = { path: { flow } };
  const known = await orNull(unwrap(client.GET('/api/v1/flows/{flow}', { params })), 'notFound');
  const isKnown =
    known !== null &&
    (['title', 'description', 'definition', 'inputSchema'] as const).every((key) =>
      isDeepStrictEqual(known[key], body[key]),
    );
  if (isKnown) return;
  await unwrap(client.PUT('/api/v1/flows/{flow}', { params, body: { ...body, project } }));
}

async function addServiceAccount(client: InterpulseClient): Promise<void> {
  const body = { name: serviceAccount, title: 'Simulated XPCS beamline', project };
  await orNull(unwrap(client.POST('/api/v1/service-accounts', { body })), 'conflict');
}

async function orNull<T>(answer: Promise<T>, kind: 'notFound' | 'conflict'): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DomainError && error.kind === kind) return null;
    throw error;
  }
}

function jsonFiles(folder: string, ending: string): Record<string, unknown>[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>);
}
