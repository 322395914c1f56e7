import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { allRoutes, apiPrefix, type OperationId } from '@interpulse/api/routes/all-routes.ts';
import type { RouteContract } from '@interpulse/api/routes/contract.ts';
import type { Database } from '@interpulse/store/database.ts';
import { findUser } from '@interpulse/store/access/access.ts';
import { issueJobTokens } from '@interpulse/store/access/job-tokens.ts';
import { insertDataset } from '@interpulse/store/catalog/write-datasets.ts';
import { FakeAgent } from '@interpulse/testing/hub/fake-agent.ts';
import { analyzeApp, analyzeFlow, preview } from './analyze-flow.ts';
import { askQuestion } from './ask-question.ts';
import { computeState, instrumentState, startTestHub, type TestHub } from './start-test-hub.ts';
import { hashSecret } from '../secret.ts';
import { until } from './until.ts';

/** What a call answered. */
export interface Answered {
  status: number;
  type: string;
  json: unknown;
}

/** A hub with one of everything, and people who stand to it in every way. */
export interface RouteWorld {
  hub: TestHub;
  /** Calls a route with an input that is right. */
  call(operationId: OperationId, caller: string): Promise<Answered>;
  end(): Promise<void>;
}

interface Input {
  path?: Record<string, string>;
  query?: string;
  body?: unknown;
  bytes?: Buffer;
}

interface Things {
  hub: TestHub;
  ownerToken: string;
  jobId: string;
  /** A job that has completed. */
  endedId: string;
  ensembleId: string;
  transferId: string;
  flowRunId: string;
  datasetId: string;
  flow: unknown;
  count: number;
}

const file = 'raw:/a.h5';
const output = 'site-scratch:/result';
const maintenance = {
  startsAt: '2999-01-01T00:00:00.000Z',
  endsAt: '2999-01-02T00:00:00.000Z',
  reason: 'cooling',
};
const items = [{ source: 'site-scratch:/a', destination: 'site-scratch:/b' }];
const trigger = {
  source: { kind: 'file', instrument: 'tokamak' },
  flowName: 'answer',
  project: 'demo',
  enabled: false,
};

/** A trigger that is there for everybody's questions. */
async function quietTrigger({ hub }: Things): Promise<Input> {
  await hub.send('PUT', '/triggers/quiet-one', trigger);
  return { path: { trigger: 'quiet-one' } };
}

/** Inputs by operation; those without one need none. What is used up is made anew for each call. */
const inputs: Partial<Record<OperationId, (things: Things) => Input | Promise<Input>>> = {
  signIn: async ({ hub }) => {
    const { body } = await hub.send('POST', '/sign-in-codes');
    return { body: { code: body['code'] } };
  },
  createUser: ({ count }) => ({ body: { name: `user-${count}` } }),
  createToken: () => ({ body: { label: 'mine' } }),
  createServiceAccount: ({ count }) => ({ body: { name: `account-${count}`, project: 'demo' } }),
  revokeToken: async ({ hub, ownerToken }) => {
    const { body } = await hub.send('POST', '/tokens', {}, ownerToken);
    return { path: { tokenId: (body['token'] as { id: string }).id } };
  },
  createProject: ({ count }) => ({ body: { name: `project-${count}` } }),
  setProjectMember: () => ({
    path: { project: 'demo', user: 'guest' },
    body: { role: 'reader' },
  }),
  removeProjectMember: () => ({ path: { project: 'demo', user: 'guest' } }),
  createEnrolmentCode: () => ({ body: { site: 'new-site' } }),
  enrolAgent: async ({ hub, count }) => {
    const { body } = await hub.send('POST', '/enrolment-codes', { site: `site-${count}` });
    return { body: { code: body['code'] } };
  },
  getSite: () => ({ path: { site: 'site' } }),
  updatePool: () => ({ path: { site: 'site', pool: 'default' }, body: { minWarm: 1 } }),
  addMaintenance: () => ({ path: { site: 'site' }, body: maintenance }),
  removeMaintenance: async ({ hub }) => {
    const { body } = await hub.send('POST', '/sites/site/maintenance', maintenance);
    return { path: { site: 'site', maintenanceId: String(body['id']) } };
  },
  getSiteUsage: () => ({ path: { site: 'site' }, query: 'hours=1' }),
  saveLimit: () => ({ body: { app: 'analyze', maxJobs: 100 } }),
  removeLimit: async ({ hub, count }) => {
    await hub.send('PUT', '/placement-limits', { app: `app-${count}`, maxJobs: 1 });
    return { query: `app=app-${count}` };
  },
  updateSite: () => ({ path: { site: 'site' }, body: { title: 'The site' } }),
  listFolder: () => ({ query: 'location=raw:/' }),
  getApp: () => ({ path: { app: 'analyze' } }),
  saveApp: () => ({ path: { app: 'other' }, body: { command: ['other'] } }),
  removeApp: async ({ hub, count }) => {
    await hub.send('PUT', `/apps/app-${count}`, { command: ['other'] });
    return { path: { app: `app-${count}` } };
  },
  getInstrument: () => ({ path: { instrument: 'tokamak' } }),
  listShots: () => ({ path: { instrument: 'tokamak' } }),
  getInstrumentTiming: () => ({ path: { instrument: 'tokamak' } }),
  tellRunEvent: () => ({
    path: { instrument: 'tokamak' },
    body: { kind: 'runStarted', run: 1, parameters: { power: 3 } },
  }),
  listRuns: () => ({ path: { instrument: 'tokamak' } }),
  getRun: async ({ hub }) => {
    await hub.send('POST', '/instruments/tokamak/events', { kind: 'runStarted', run: 1 });
    return { path: { instrument: 'tokamak', run: '1' } };
  },
  reportRunResults: () => ({
    path: { instrument: 'tokamak', run: '1' },
    body: [{ key: 'rate', value: 1.5, unit: '1/s' }],
  }),
  submitJobs: () => ({ body: { jobs: [{ command: ['true'], project: 'demo', site: 'no-site' }] } }),
  getJob: ({ jobId }) => ({ path: { jobId } }),
  explainJob: ({ jobId }) => ({ path: { jobId } }),
  getJobLog: ({ jobId }) => ({ path: { jobId } }),
  getJobFile: ({ endedId }) => ({ path: { jobId: endedId }, query: `file=${output}` }),
  cancelJob: ({ jobId }) => ({ path: { jobId } }),
  cancelJobs: ({ jobId }) => ({ body: { jobIds: [jobId] } }),
  retryJobs: ({ endedId }) => ({ body: { jobIds: [endedId] } }),
  retryJob: async ({ hub, ownerToken }) => {
    const jobs = [{ command: ['true'], project: 'demo', site: 'no-site' }];
    const { body } = await hub.send('POST', '/jobs', { jobs }, ownerToken);
    const [jobId = ''] = body['jobIds'] as string[];
    await hub.send('POST', `/jobs/${jobId}/cancel`);
    return { path: { jobId } };
  },
  waitForJobs: ({ endedId }) => ({ body: { jobIds: [endedId], waitSeconds: 0 } }),
  getEnsemble: ({ ensembleId }) => ({ path: { ensembleId } }),
  getEnsembleGrid: ({ ensembleId }) => ({ path: { ensembleId } }),
  cancelEnsemble: ({ ensembleId }) => ({ path: { ensembleId } }),
  putFile: () => ({ query: 'location=raw:/new', bytes: Buffer.from('abc') }),
  submitTransfer: () => ({ body: { items, project: 'demo' } }),
  getTransfer: ({ transferId }) => ({ path: { transferId } }),
  cancelTransfer: ({ transferId }) => ({ path: { transferId } }),
  getFlow: () => ({ path: { flow: 'answer' } }),
  saveFlow: ({ flow }) => ({ path: { flow: 'answer' }, body: flow }),
  changeFlow: () => ({ path: { flow: 'answer' }, body: { viewers: ['guest'] } }),
  deleteFlow: async ({ hub, flow, count }) => {
    await hub.send('PUT', `/flows/old-${count}`, { ...(flow as object), project: 'demo' });
    return { path: { flow: `old-${count}` } };
  },
  listFlowVersions: () => ({ path: { flow: 'answer' } }),
  restoreFlow: () => ({ path: { flow: 'answer' }, body: { version: 1 } }),
  checkFlow: () => ({ body: { definition: {} } }),
  checkFlowImport: () => ({ body: { definition: {} } }),
  startFlowRun: () => ({ body: { flow: 'answer', input: { input: { file } } } }),
  changeFlowRun: ({ flowRunId }) => ({ path: { flowRunId }, body: { label: 'again' } }),
  downloadFlowRunLog: ({ flowRunId }) => ({ path: { flowRunId } }),
  getFlowRunOutput: ({ flowRunId }) => ({ path: { flowRunId } }),
  resumeFlowRun: ({ flowRunId }) => ({ path: { flowRunId } }),
  waitForFlowRuns: ({ flowRunId }) => ({ body: { flowRunIds: [flowRunId], waitSeconds: 0 } }),
  rerunFlowRun: ({ flowRunId }) => ({ path: { flowRunId }, body: { from: 'start' } }),
  cancelFlowRuns: ({ flowRunId }) => ({ body: { flowRunIds: [flowRunId], dryRun: true } }),
  startFlowRuns: () => ({ body: { flow: 'answer', inputs: [{ input: { file } }], dryRun: true } }),
  rerunFlowRuns: ({ flowRunId }) => ({
    body: { flowRunIds: [flowRunId], from: 'start', dryRun: true },
  }),
  getFlowBatch: async ({ hub }) => ({ path: { batchId: await startBatch(hub) } }),
  waitForFlowBatch: async ({ hub }) => ({
    path: { batchId: await startBatch(hub) },
    body: { waitSeconds: 0 },
  }),
  cancelFlowBatch: async ({ hub }) => ({ path: { batchId: await startBatch(hub) } }),
  getFlowRun: ({ flowRunId }) => ({ path: { flowRunId } }),
  listFlowRunSteps: ({ flowRunId }) => ({ path: { flowRunId } }),
  getFlowRunStep: ({ flowRunId }) => ({ path: { flowRunId, sequence: '1' } }),
  getFlowRunLog: ({ flowRunId }) => ({ path: { flowRunId } }),
  cancelFlowRun: ({ flowRunId }) => ({ path: { flowRunId } }),
  getTrigger: quietTrigger,
  listTriggerFirings: quietTrigger,
  pauseTrigger: async (things) => ({ ...(await quietTrigger(things)), body: { reason: 'a test' } }),
  resumeTrigger: quietTrigger,
  rotateTriggerSecret: async ({ hub }) => {
    const source = { kind: 'webhook' };
    await hub.send('PUT', '/triggers/hook', { source, flowName: 'answer', project: 'demo' });
    return { path: { trigger: 'hook' }, body: {} };
  },
  fireTrigger: async (things) => ({
    ...(await quietTrigger(things)),
    body: { event: { file, returnTo: 'results:/' } },
  }),
  lastTriggerEvent: async (things) => {
    await quietTrigger(things);
    return { body: { name: 'quiet' } };
  },
  dryRunTrigger: async (things) => {
    await quietTrigger(things);
    const from = '2026-11-20T00:00:00.000Z';
    return { body: { name: 'quiet-one', from, to: '2026-11-21T00:00:00.000Z' } };
  },
  saveTrigger: () => ({ path: { trigger: 'quiet' }, body: trigger }),
  deleteTrigger: async ({ hub, count }) => {
    await hub.send('PUT', `/triggers/quiet-${count}`, trigger);
    return { path: { trigger: `quiet-${count}` } };
  },
  getWebInput: async ({ hub, ownerToken }) => ({
    path: { webInputId: await askQuestion(hub, ownerToken) },
  }),
  respondToWebInput: async ({ hub, ownerToken }) => ({
    path: { webInputId: await askQuestion(hub, ownerToken) },
    body: { response: 'go' },
  }),
  closeWebInput: async ({ hub, ownerToken }) => ({
    path: { webInputId: await askQuestion(hub, ownerToken) },
    body: { reason: 'beam is gone' },
  }),
  registerDataset: () => ({
    body: { title: 'a file', kind: 'raw', files: [{ location: file }], project: 'demo' },
  }),
  getDataset: ({ datasetId }) => ({ path: { datasetId } }),
  getDatasetPreview: ({ datasetId }) => ({ path: { datasetId } }),
  getDatasetFile: ({ datasetId }) => ({ path: { datasetId }, query: `file=${file}` }),
  getHdf5Entity: ({ datasetId }) => ({ path: { datasetId }, query: `file=${file}&path=/` }),
  getHdf5Attributes: ({ datasetId }) => ({ path: { datasetId }, query: `file=${file}&path=/` }),
  getHdf5Value: ({ datasetId }) => ({ path: { datasetId }, query: `file=${file}&path=/x` }),
};

async function startBatch(hub: TestHub): Promise<string> {
  const body = { flow: 'answer', inputs: [{ input: { file } }] };
  const sent = await hub.send('POST', '/flow-runs/bulk', body);
  return (sent.body['batch'] as { id: string }).id;
}

function answer(question: Question): { message: Answer; attachment?: Uint8Array } {
  if (question.ask === 'listFolder') {
    const entry = { name: 'a.h5', type: 'file' as const, sizeBytes: 3, modifiedAt: null };
    return { message: { answer: 'folder', entries: [entry] } };
  }
  if (question.ask === 'writeFile') return { message: { answer: 'bytes', sizeBytes: 3 } };
  if (question.ask === 'readFile' || question.ask === 'jobLog') {
    return { message: { answer: 'bytes', sizeBytes: 3 }, attachment: Buffer.from('abc') };
  }
  return { message: { answer: 'json', value: { value: [1, 2] } } };
}

/** Makes the world; `end` closes the database too. */
export async function makeRouteWorld(db: Database): Promise<RouteWorld> {
  const hub = await startTestHub(db);
  await analyzeApp(hub);
  const identity = await hub.enrol('site');
  const compute = computeState('site');
  const offers = instrumentState('tokamak', 60);
  const collections = [...(compute.collections ?? []), ...(offers.collections ?? [])];
  const state = { ...compute, ...offers, collections };
  const agent = new FakeAgent({ url: hub.url, ...identity, state, pilotCores: 4, answer });
  await agent.ready();
  await analyzeFlow(hub, null);
  const tokens: Record<string, string> = {
    nobody: '',
    stranger: await hub.addUser('stranger'),
    reader: await hub.addUser('reader', 'reader'),
    member: await hub.addUser('member', 'member'),
    manager: await hub.addUser('manager', 'manager'),
    owner: await hub.addUser('owner', 'member'),
    admin: hub.adminToken,
    agent: identity.secret,
    job: 'ipj_of-a-job-of-the-owner',
  };
  await hub.addUser('guest', 'reader');
  const things = await makeThings(hub, agent, tokens['owner'] ?? '');
  await issueToken(hub, things.jobId, tokens['job'] ?? '');
  return {
    hub,
    async call(operationId, caller) {
      things.count += 1;
      const input = (await inputs[operationId]?.(things)) ?? {};
      return call(hub.url, operationId, input, tokens[caller] ?? '');
    },
    async end() {
      agent.vanish();
      await hub.stop();
      await db.close();
    },
  };
}

/** What a job that may use the hub is given with its lease. */
async function issueToken(hub: TestHub, jobId: string, secret: string): Promise<void> {
  const owner = await findUser(hub.hub.db, 'owner');
  const token = { id: hub.hub.newId('token'), jobId, ownerId: owner?.id ?? '', project: 'demo' };
  const expiresAt = '2999-01-01T00:00:00.000Z';
  await issueJobTokens(hub.hub.db, [{ ...token, secretHash: hashSecret(secret), expiresAt }]);
}

async function makeThings(hub: TestHub, agent: FakeAgent, ownerToken: string): Promise<Things> {
  const made = async (path: string, body: unknown): Promise<string> => {
    const sent = await hub.send('POST', path, body, ownerToken);
    const { id, jobIds } = sent.body as { id?: string; jobIds?: string[] };
    return id ?? jobIds?.[0] ?? '';
  };
  const endedId = await made('/jobs', { jobs: [{ command: ['true'] }] });
  const ended = await agent.nextLease(endedId);
  const outputs = [{ name: 'result', location: output, sizeBytes: 3, sha256: null }];
  await agent.sayJobs(agent.report(ended, 'completed', { outputs }));
  const jobId = await made('/jobs', { jobs: [{ command: ['true'] }] });
  await agent.nextLease(jobId);
  const ensemble = await hub.send(
    'POST',
    '/jobs',
    { ensemble: { label: 'a scan' }, jobs: [{ command: ['true'], site: 'no-site' }] },
    ownerToken,
  );
  const { body } = await hub.send('GET', '/flows/answer');
  const { definition, inputSchema } = body;
  const owner = await until('the owner', async () => (await hub.send('GET', '/me')).body);
  const dataset = await insertDataset(
    hub.hub.db,
    {
      id: hub.hub.newId('dataset'),
      title: 'with a preview',
      kind: 'result',
      project: 'demo',
      ownerId: String(owner['id']),
      instrument: null,
      shotNumber: null,
      flowRunId: null,
      jobId: null,
      derivedFrom: [],
      metadata: {},
      keywords: [],
      files: [{ location: file, sizeBytes: 3, modifiedAt: null, xxh3: null }],
      preview,
      sourceKey: null,
    },
    hub.hub.now(),
  );
  return {
    hub,
    ownerToken,
    jobId,
    endedId,
    ensembleId: String(ensemble.body['ensembleId']),
    transferId: await made('/transfers', { items }),
    flowRunId: await made('/flow-runs', { flow: 'answer', input: { input: { file } } }),
    datasetId: dataset.id,
    flow: { definition, inputSchema },
    count: 0,
  };
}

async function call(
  url: string,
  operationId: OperationId,
  { path = {}, query, body, bytes }: Input,
  token: string,
): Promise<Answered> {
  const route: RouteContract = allRoutes[operationId];
  const filled = route.path.replace(/:(\w+)/g, (_, name: string) => path[name] ?? '');
  const response = await fetch(`${url}${apiPrefix}${filled}${query ? `?${query}` : ''}`, {
    method: route.method,
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(bytes === undefined ? {} : { body: new Uint8Array(bytes) }),
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { status: response.status, type, json: null };
  }
  const text = await response.text();
  const isJson = /[/+]json\b/.test(type) && text !== '';
  return { status: response.status, type, json: isJson ? (JSON.parse(text) as unknown) : null };
}
