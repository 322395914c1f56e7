import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { LivePage } from './live/live-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { pageCode } from './shell/page-code.ts';
import { Shell } from './shell/shell.tsx';
import {
  catalogSearch,
  datasetSearch,
  ensemblesSearch,
  flowRunSearch,
  flowRunsSearch,
  flowSearch,
  jobsSearch,
  liveSearch,
  newFlowSearch,
  newTriggerSearch,
  questionsSearch,
  runsSearch,
  siteSearch,
  startFlowSearch,
  submitSearch,
  triggerSearch,
  triggersSearch,
} from './search-params.ts';

/** A page that is loaded when it is gone to. */
function page<M extends Record<string, unknown>>(load: () => Promise<M>, name: string & keyof M) {
  return lazyRouteComponent(pageCode(load), name);
}

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const liveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: liveSearch,
  component: LivePage,
});

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/instruments/$instrument/runs',
  validateSearch: runsSearch,
  component: page(() => import('./runs/runs-page.tsx'), 'RunsPage'),
});

const flowRunsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-runs',
  validateSearch: flowRunsSearch,
  component: page(() => import('./flow-runs/flow-runs-page.tsx'), 'FlowRunsPage'),
});

const flowRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-runs/$flowRunId',
  validateSearch: flowRunSearch,
  component: page(() => import('./flow-runs/flow-run-page.tsx'), 'FlowRunPage'),
});

const flowsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows',
  component: page(() => import('./flows/flows-page.tsx'), 'FlowsPage'),
});

const newFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/new',
  validateSearch: newFlowSearch,
  component: page(() => import('./flow-editor/new-flow-page.tsx'), 'NewFlowPage'),
});

const flowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow',
  validateSearch: flowSearch,
  component: page(() => import('./flows/flow-page.tsx'), 'FlowPage'),
});

const editFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow/edit',
  component: page(() => import('./flow-editor/edit-flow-page.tsx'), 'EditFlowPage'),
});

const startFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow/start',
  validateSearch: startFlowSearch,
  component: page(() => import('./flow-start/start-flow-page.tsx'), 'StartFlowPage'),
});

const questionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/questions',
  validateSearch: questionsSearch,
  component: page(() => import('./questions/questions-page.tsx'), 'QuestionsPage'),
});

const questionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/questions/$webInputId',
  component: page(() => import('./questions/question-page.tsx'), 'QuestionPage'),
});

const triggersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers',
  validateSearch: triggersSearch,
  component: page(() => import('./triggers/triggers-page.tsx'), 'TriggersPage'),
});

const newTriggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/new',
  validateSearch: newTriggerSearch,
  component: page(() => import('./triggers/new-trigger-page.tsx'), 'NewTriggerPage'),
});

const triggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$trigger',
  validateSearch: triggerSearch,
  component: page(() => import('./triggers/trigger-page.tsx'), 'TriggerPage'),
});

const editTriggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$trigger/edit',
  component: page(() => import('./triggers/edit-trigger-page.tsx'), 'EditTriggerPage'),
});

const flowBatchesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-batches',
  component: page(() => import('./flow-batches/flow-batches-page.tsx'), 'FlowBatchesPage'),
});

const flowBatchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-batches/$batchId',
  component: page(() => import('./flow-batches/flow-batch-page.tsx'), 'FlowBatchPage'),
});

const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs',
  validateSearch: jobsSearch,
  component: page(() => import('./jobs/jobs-page.tsx'), 'JobsPage'),
});

const submitRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs/new',
  validateSearch: submitSearch,
  component: page(() => import('./submit/submit-page.tsx'), 'SubmitPage'),
});

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs/$jobId',
  component: page(() => import('./jobs/job-page.tsx'), 'JobPage'),
});

const ensemblesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ensembles',
  validateSearch: ensemblesSearch,
  component: page(() => import('./ensembles/ensembles-page.tsx'), 'EnsemblesPage'),
});

const ensembleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ensembles/$ensembleId',
  component: page(() => import('./ensembles/ensemble-page.tsx'), 'EnsemblePage'),
});

const appsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/apps',
  component: page(() => import('./apps/apps-page.tsx'), 'AppsPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/apps/$app',
  component: page(() => import('./apps/app-page.tsx'), 'AppPage'),
});

const sitesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites',
  component: page(() => import('./sites/sites-page.tsx'), 'SitesPage'),
});

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
  validateSearch: siteSearch,
  component: page(() => import('./sites/site-page.tsx'), 'SitePage'),
});

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog',
  validateSearch: catalogSearch,
  component: page(() => import('./catalog/catalog-page.tsx'), 'CatalogPage'),
});

const datasetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog/$datasetId',
  validateSearch: datasetSearch,
  component: page(() => import('./catalog/dataset-page.tsx'), 'DatasetPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: page(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** The portal's pages. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    liveRoute,
    runsRoute,
    flowRunsRoute,
    flowRunRoute,
    flowBatchesRoute,
    flowBatchRoute,
    questionsRoute,
    questionRoute,
    triggersRoute,
    newTriggerRoute,
    triggerRoute,
    editTriggerRoute,
    flowsRoute,
    newFlowRoute,
    flowRoute,
    editFlowRoute,
    startFlowRoute,
    jobsRoute,
    submitRoute,
    jobRoute,
    ensemblesRoute,
    ensembleRoute,
    appsRoute,
    appRoute,
    sitesRoute,
    siteRoute,
    catalogRoute,
    datasetRoute,
    settingsRoute,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
