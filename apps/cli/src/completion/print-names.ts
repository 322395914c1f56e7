import { unwrap, type InterpulseClient } from '@interpulse/api/client/create-client.ts';
import { connect } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import type { NameKind } from './name-kinds.ts';

/** A name with what people know the thing by. */
type Named = readonly [name: string, about: string];

/** Rows that are offered: the newest, or the first by name. */
const query = { limit: 100 };
const params = { query };

type Fetch = (client: InterpulseClient) => Promise<readonly Named[]>;

const fetchers: Readonly<Record<NameKind, Fetch>> = {
  account: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/service-accounts', { params }));
    return items.map(({ name, title }) => [name, title]);
  },
  app: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/apps', { params }));
    return items.map(({ name, title }) => [name, title]);
  },
  dataset: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/datasets', { params }));
    return items.map(({ id, title }) => [id, title]);
  },
  ensemble: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/ensembles', { params }));
    return items.map(({ id, label }) => [id, label]);
  },
  flow: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/flows', { params }));
    return items.map(({ name, title }) => [name, title]);
  },
  'flow-batch': async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/flow-batches', { params }));
    return items.map(({ id, flowName, label }) => [id, label || flowName]);
  },
  'flow-run': async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/flow-runs', { params }));
    return items.map(({ id, flowName, label, status }) => [id, `${label || flowName} ${status}`]);
  },
  instrument: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/instruments', { params }));
    return items.map(({ name, title }) => [name, title]);
  },
  job: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/jobs', { params }));
    return items.map(({ id, label, app, state }) => [id, `${label || (app ?? '')} ${state}`]);
  },
  project: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/projects', { params }));
    return items.map(({ name, title }) => [name, title]);
  },
  site: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/sites', { params }));
    return items.map(({ name, status }) => [name, status]);
  },
  transfer: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/transfers', { params }));
    return items.map(({ id, label, state }) => [id, `${label} ${state}`]);
  },
  trigger: async (client) => {
    const { items } = await unwrap(client.GET('/api/v1/triggers', { params }));
    return items.map(({ name, flowName }) => [name, `starts ${flowName}`]);
  },
  'web-input': async (client) => {
    const wanted = { params: { query: { ...query, filter: 'open' as const } } };
    const { items } = await unwrap(client.GET('/api/v1/web-inputs', wanted));
    return items.map(({ id, question }) => [id, question.title]);
  },
};

/** Who waits at a prompt waits so long at most, in milliseconds. */
const patienceMilliseconds = 3_000;

/** `complete-names`: a name on each line, a tab, and what it is. */
export async function printNames(connection: Connection, kind: NameKind): Promise<void> {
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const client = connect(connection, signal);
  const names = await fetchers[kind](client);
  const plain = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ').trim();
  process.stdout.write(names.map(([name, about]) => `${name}\t${plain(about)}\n`).join(''));
}
