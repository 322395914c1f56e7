import type { Migration } from 'kysely/migration';
import * as events from './0001-events.ts';
import * as mainJob from './0002-main-job.ts';
import * as flowsAndCatalog from './0003-flows-and-catalog.ts';
import * as compute from './0004-compute.ts';
import * as jobStorage from './0005-job-storage.ts';
import * as siteLoads from './0006-site-loads.ts';
import * as appText from './0007-app-text.ts';
import * as movedJobs from './0008-moved-jobs.ts';
import * as flowBranches from './0009-flow-branches.ts';
import * as actionRuns from './0010-action-runs.ts';
import * as webInputs from './0011-web-inputs.ts';
import * as triggers from './0012-triggers.ts';
import * as runTable from './0013-run-table.ts';
import * as flowPeople from './0014-flow-people.ts';
import * as deadlines from './0016-deadlines.ts';
import * as actionHolders from './0019-action-holders.ts';
import * as privateJobs from './0020-private-jobs.ts';
import * as flowText from './0021-flow-text.ts';
import * as questionText from './0022-question-text.ts';
import * as revisions from './0023-revisions.ts';
import * as stepEnsembles from './0024-step-ensembles.ts';
import * as notices from './0025-notices.ts';
import * as collectionProjects from './0028-collection-projects.ts';
import * as narrowSteps from './0029-narrow-steps.ts';
import * as runFiles from './0031-run-files.ts';
import * as privateActions from './0032-private-actions.ts';

/**
 * All migrations by name, applied in the order of their names. A released one is never changed;
 * a new one gets the next number.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-events': events,
  '0002-main-job': mainJob,
  '0003-flows-and-catalog': flowsAndCatalog,
  '0004-compute': compute,
  '0005-job-storage': jobStorage,
  '0006-site-loads': siteLoads,
  '0007-app-text': appText,
  '0008-moved-jobs': movedJobs,
  '0009-flow-branches': flowBranches,
  '0010-action-runs': actionRuns,
  '0011-web-inputs': webInputs,
  '0012-triggers': triggers,
  '0013-run-table': runTable,
  '0014-flow-people': flowPeople,
  '0016-deadlines': deadlines,
  '0019-action-holders': actionHolders,
  '0020-private-jobs': privateJobs,
  '0021-flow-text': flowText,
  '0022-question-text': questionText,
  '0023-revisions': revisions,
  '0024-step-ensembles': stepEnsembles,
  '0025-notices': notices,
  '0028-collection-projects': collectionProjects,
  '0029-narrow-steps': narrowSteps,
  '0031-run-files': runFiles,
  '0032-private-actions': privateActions,
};
