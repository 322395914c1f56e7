import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poolOffer } from '@interpulse/testing/store/store-world.ts';
import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import {
  createClient,
  unwrap,
  type InterpulseClient,
} from '@interpulse/api/client/create-client.ts';
import type { Database } from '@interpulse/store/database.ts';
import { silentLog, type StoreLog } from '@interpulse/store/store-log.ts';
import { adminTokenFile } from '../bootstrap.ts';
import { hubConfigSchema, type HubConfig } from '../hub-config.ts';
import { startHubOn, type HubOnDatabase } from '../start-hub.ts';

/** A whole hub in this process, on a port of its own, with the administrator's client. */
export interface TestHub extends HubOnDatabase {
  adminToken: string;
  admin: InterpulseClient;
  /** A client with another token; undefined sends none. */
  as(token: string | undefined): InterpulseClient;
  /** Sends JSON as the administrator (or with another token); the answer with its status. */
  send(method: string, path: string, body?: unknown, token?: string): Promise<Sent>;
  /** Submits one job, a plain command in `demo` where nothing else is said. */
  submit(fields?: object): Promise<string>;
  /** Saves an app in which every job is one core for a minute, where nothing else is said. */
  saveApp(name: string, fields?: object): Promise<void>;
  /** Saves a flow in `demo`. */
  saveFlow(name: string, definition: object, fields?: object): Promise<void>;
  /** Starts a flow; answers the id of the flow run. */
  startFlow(flow: string, input?: object, fields?: object): Promise<string>;
  /** Makes a user with a token, a member of the project `demo` when a role is given. */
  addUser(name: string, role?: 'reader' | 'member' | 'manager'): Promise<string>;
  /** Enrols an agent for a site. */
  enrol(site: string): Promise<{ agentId: string; secret: string; site: string }>;
}

/** What the hub answered. */
export interface Sent {
  status: number;
  body: Record<string, unknown>;
}

/** Starts a hub on a fresh, migrated database of the caller's, who closes it after `stop`. */
export async function startTestHub(
  db: Database,
  config: Partial<HubConfig> = {},
  log: StoreLog = silentLog,
): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'interpulse-hub-test-'));
  const running = await startHubOn(db, hubConfigSchema.parse({ folder, port: 0, ...config }), log);
  const adminToken = (await readFile(join(folder, adminTokenFile), 'utf8')).trim();
  const as = (token: string | undefined): InterpulseClient =>
    createClient({ baseUrl: running.url, token });
  const admin = as(adminToken);
  const send: TestHub['send'] = async (method, path, body, token = adminToken) => {
    const answer = await fetch(`${running.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Sent['body']) };
  };
  return {
    ...running,
    adminToken,
    admin,
    as,
    send,
    ...wishesOf(send),
    async addUser(name, role) {
      const body = { name, title: '', kind: 'user' as const, admin: false };
      await unwrap(admin.POST('/api/v1/users', { body }));
      if (role !== undefined) {
        const path = { project: 'demo', user: name };
        const member = { params: { path }, body: { role } };
        await unwrap(admin.PUT('/api/v1/projects/{project}/members/{user}', member));
      }
      const token = { user: name, label: '', expiresAt: null };
      const made = await unwrap(admin.POST('/api/v1/tokens', { body: token }));
      return made.secret;
    },
    async enrol(site) {
      const { code } = await unwrap(admin.POST('/api/v1/enrolment-codes', { body: { site } }));
      return unwrap(admin.POST('/api/v1/agents/enrol', { body: { code } }));
    },
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What tests ask for again and again; each throws what the hub says against it. */
function wishesOf(
  send: TestHub['send'],
): Pick<TestHub, 'submit' | 'saveApp' | 'saveFlow' | 'startFlow'> {
  const done = async (method: string, path: string, wanted: object): Promise<Sent['body']> => {
    const { status, body } = await send(method, path, wanted);
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    async submit(fields = {}) {
      const jobs = [{ command: ['true'], project: 'demo', ...fields }];
      const { jobIds } = await done('POST', '/jobs', { jobs });
      return (jobIds as string[])[0] ?? '';
    },
    async saveApp(name, fields = {}) {
      const resources = { cores: 1, walltimeSeconds: 60 };
      await done('PUT', `/apps/${name}`, { command: [name], resources, ...fields });
    },
    async saveFlow(name, definition, fields = {}) {
      await done('PUT', `/flows/${name}`, { definition, project: 'demo', ...fields });
    },
    async startFlow(flow, input = {}, fields = {}) {
      return String((await done('POST', '/flow-runs', { flow, input, ...fields }))['id']);
    },
  };
}

type Compute = NonNullable<AgentState['compute']>;

/** What an agent of a compute site says of itself: a scratch collection named after the site. */
export function computeState(site: string, fields: Partial<Compute> = {}): Partial<AgentState> {
  return {
    compute: {
      batch: 'local',
      scratchCollection: `${site}-scratch`,
      allowsCommands: true,
      apps: { allow: 'templates', digests: [] },
      labels: [],
      launcher: null,
      pools: [poolOffer()],
      ...fields,
    },
    collections: [{ name: `${site}-scratch`, title: '', writable: true }],
  };
}

/** What an agent of an instrument says of itself: files in `raw`, answers to `results`. */
export function instrumentState(name: string, periodSeconds: number | null): Partial<AgentState> {
  return {
    collections: [
      { name: 'raw', title: '', writable: true },
      { name: 'results', title: '', writable: true },
    ],
    instruments: [
      {
        name,
        title: '',
        collection: 'raw',
        project: 'demo',
        returnTo: 'results:/answers/',
        periodSeconds,
      },
    ],
    channel: { host: '127.0.0.1', port: 9, fingerprint: null },
  };
}
