import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allRoutes, type OperationId } from '@interpulse/api/routes/all-routes.ts';
import { problemSchema, type RouteContract } from '@interpulse/api/routes/contract.ts';
import { openTestDatabase } from '@interpulse/testing/database/open-test-database.ts';
import { makeRouteWorld, type RouteWorld } from '../testing/route-world.ts';

/** Who calls, in the order of the table's columns. */
const callers = [
  'nobody',
  'stranger',
  'reader',
  'member',
  'manager',
  'owner',
  'admin',
  'agent',
  'job',
] as const;

type Row = readonly number[];
const anybody = [200, 200, 200, 200, 200, 200, 200, 200, 200];
const anybodyMakes = [201, 201, 201, 201, 201, 201, 201, 201, 201];
const signedIn = [401, 200, 200, 200, 200, 200, 200, 401, 403];
const signedInMakes = [401, 201, 201, 201, 201, 201, 201, 401, 403];
const signedInEnds = [401, 204, 204, 204, 204, 204, 204, 401, 403];
const adminChanges = [401, 403, 403, 403, 403, 403, 200, 401, 403];
const adminMakes = [401, 403, 403, 403, 403, 403, 201, 401, 403];
const managerChanges = [401, 404, 403, 403, 200, 403, 200, 401, 403];
const readerSees = [401, 404, 200, 200, 200, 200, 200, 401, 200];
const memberChanges = [401, 404, 403, 200, 200, 200, 200, 401, 403];
const memberMakes = [401, 404, 403, 201, 201, 201, 201, 401, 403];
const notForJobs = [401, 404, 200, 200, 200, 200, 200, 401, 403];
const jobsSee = [401, 200, 200, 200, 200, 200, 200, 401, 200];
const jobsChange = [401, 404, 403, 200, 200, 200, 200, 401, 200];
const jobsMake = [401, 404, 403, 201, 201, 201, 201, 401, 201];
const adminEnds = [401, 403, 403, 403, 403, 403, 204, 401, 403];
const memberEnds = [401, 404, 403, 204, 204, 204, 204, 401, 403];

/** Who may: the status of every route for every caller. */
const whoMay: Record<OperationId, Row> = {
  getHealth: anybody,
  getMetrics: adminChanges,
  signIn: anybody,
  signOut: signedInEnds,
  createSignInCode: signedInMakes,
  whoAmI: jobsSee,
  getNotices: signedIn,
  changeNotices: signedIn,
  // There is no place to send to.
  testNotices: [401, 409, 409, 409, 409, 409, 409, 401, 403],
  listUsers: signedIn,
  createUser: adminMakes,
  listServiceAccounts: signedIn,
  createServiceAccount: [401, 404, 403, 403, 201, 403, 201, 401, 403],
  listTokens: signedIn,
  createToken: signedInMakes,
  revokeToken: [401, 404, 404, 404, 404, 204, 204, 401, 403],
  listProjects: signedIn,
  createProject: adminMakes,
  setProjectMember: managerChanges,
  removeProjectMember: managerChanges,
  createEnrolmentCode: adminMakes,
  enrolAgent: anybodyMakes,
  listSites: signedIn,
  getSite: signedIn,
  updateSite: adminChanges,
  updatePool: adminChanges,
  addMaintenance: adminMakes,
  removeMaintenance: adminEnds,
  getSiteUsage: signedIn,
  listLimits: signedIn,
  saveLimit: adminChanges,
  removeLimit: adminEnds,
  listPilots: signedIn,
  listCollections: signedIn,
  listFolder: [401, 403, 200, 200, 200, 200, 200, 401, 403],
  listApps: signedIn,
  getApp: signedIn,
  saveApp: adminChanges,
  removeApp: adminEnds,
  listInstruments: signedIn,
  getInstrument: signedIn,
  listShots: signedIn,
  getInstrumentTiming: signedIn,
  tellRunEvent: [401, 403, 403, 200, 200, 200, 200, 401, 403],
  listRuns: signedIn,
  getRun: jobsSee,
  reportRunResults: [401, 403, 403, 200, 200, 200, 200, 401, 200],
  submitJobs: jobsMake,
  listJobs: jobsSee,
  countJobs: jobsSee,
  cancelJobs: jobsChange,
  retryJobs: memberChanges,
  waitForJobs: readerSees,
  getJob: readerSees,
  explainJob: readerSees,
  getJobLog: readerSees,
  getJobFile: readerSees,
  cancelJob: jobsChange,
  retryJob: memberChanges,
  listEnsembles: jobsSee,
  getEnsemble: readerSees,
  getEnsembleGrid: readerSees,
  cancelEnsemble: jobsChange,
  putFile: [401, 403, 201, 201, 201, 201, 201, 401, 403],
  submitTransfer: memberMakes,
  listTransfers: jobsSee,
  getTransfer: readerSees,
  cancelTransfer: memberChanges,
  listFlows: signedIn,
  getFlow: notForJobs,
  saveFlow: memberChanges,
  changeFlow: managerChanges,
  deleteFlow: [401, 404, 403, 403, 204, 403, 204, 401, 403],
  listFlowVersions: notForJobs,
  restoreFlow: memberChanges,
  checkFlow: signedIn,
  checkFlowImport: signedIn,
  startFlowRun: memberMakes,
  listFlowRuns: signedIn,
  countFlowRuns: signedIn,
  changeFlowRun: memberChanges,
  downloadFlowRunLog: notForJobs,
  getFlowRunOutput: notForJobs,
  resumeFlowRun: [401, 404, 403, 409, 409, 409, 409, 401, 403],
  waitForFlowRuns: [401, 404, 200, 200, 200, 200, 200, 401, 403],
  rerunFlowRun: memberMakes,
  cancelFlowRuns: memberChanges,
  startFlowRuns: memberMakes,
  rerunFlowRuns: memberMakes,
  listFlowBatches: signedIn,
  getFlowBatch: notForJobs,
  waitForFlowBatch: notForJobs,
  cancelFlowBatch: memberChanges,
  getFlowRun: notForJobs,
  listFlowRunSteps: notForJobs,
  getFlowRunStep: notForJobs,
  getFlowRunLog: notForJobs,
  cancelFlowRun: memberChanges,
  listTriggers: signedIn,
  getTrigger: notForJobs,
  listTriggerFirings: notForJobs,
  pauseTrigger: memberChanges,
  resumeTrigger: memberChanges,
  rotateTriggerSecret: [401, 404, 403, 403, 403, 403, 200, 401, 403],
  fireTrigger: memberChanges,
  lastTriggerEvent: notForJobs,
  dryRunTrigger: notForJobs,
  saveTrigger: memberChanges,
  deleteTrigger: memberEnds,
  listWebInputs: signedIn,
  getWebInput: notForJobs,
  respondToWebInput: memberChanges,
  closeWebInput: [401, 404, 403, 403, 200, 200, 200, 401, 403],
  registerDataset: memberMakes,
  listDatasets: jobsSee,
  getDataset: readerSees,
  getDatasetPreview: readerSees,
  getDatasetFile: readerSees,
  getHdf5Entity: readerSees,
  getHdf5Attributes: readerSees,
  getHdf5Value: readerSees,
  listEvents: signedIn,
  streamEvents: signedIn,
};

describe('every route', () => {
  let world: RouteWorld;

  before(async () => {
    world = await makeRouteWorld(await openTestDatabase());
  });
  after(() => world.end());

  test('has a row that says who may', () => {
    assert.deepEqual(Object.keys(whoMay).toSorted(), Object.keys(allRoutes).toSorted());
  });

  for (const [operationId, route] of Object.entries<RouteContract>(allRoutes)) {
    const row = whoMay[operationId as OperationId] ?? [];
    test(`${operationId} answers ${row.join(' ')} as its contract says`, async () => {
      const found: number[] = [];
      for (const caller of callers) {
        const answer = await world.call(operationId as OperationId, caller);
        found.push(answer.status);
        if (answer.status >= 400) {
          assert.equal(answer.type.split(';')[0], 'application/problem+json');
          assert.equal(problemSchema.parse(answer.json).status, answer.status);
        } else if (route.response) {
          const parsed = route.response.safeParse(answer.json);
          assert.ok(parsed.success, `${caller}: ${parsed.error?.message}`);
        } else if (route.produces !== undefined) {
          assert.equal(answer.type.split(';')[0], route.produces);
        }
      }
      assert.deepEqual(found, row, callers.join());
    });
  }
});
