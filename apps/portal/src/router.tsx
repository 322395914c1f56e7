import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { LivePage } from './live/live-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
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
  component: lazyRouteComponent(() => import('./runs/runs-page.tsx'), 'RunsPage'),
});

const flowRunsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-runs',
  validateSearch: flowRunsSearch,
  component: lazyRouteComponent(() => import('./flow-runs/flow-runs-page.tsx'), 'FlowRunsPage'),
});

const flowRunRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-runs/$flowRunId',
  validateSearch: flowRunSearch,
  component: lazyRouteComponent(() => import('./flow-runs/flow-run-page.tsx'), 'FlowRunPage'),
});

const flowsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows',
  component: lazyRouteComponent(() => import('./flows/flows-page.tsx'), 'FlowsPage'),
});

const newFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/new',
  validateSearch: newFlowSearch,
  component: lazyRouteComponent(() => import('./flow-editor/new-flow-page.tsx'), 'NewFlowPage'),
});

const flowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow',
  validateSearch: flowSearch,
  component: lazyRouteComponent(() => import('./flows/flow-page.tsx'), 'FlowPage'),
});

const editFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow/edit',
  component: lazyRouteComponent(() => import('./flow-editor/edit-flow-page.tsx'), 'EditFlowPage'),
});

const startFlowRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flows/$flow/start',
  validateSearch: startFlowSearch,
  component: lazyRouteComponent(() => import('./flow-start/start-flow-page.tsx'), 'StartFlowPage'),
});

const questionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/questions',
  validateSearch: questionsSearch,
  component: lazyRouteComponent(() => import('./questions/questions-page.tsx'), 'QuestionsPage'),
});

const questionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/questions/$webInputId',
  component: lazyRouteComponent(() => import('./questions/question-page.tsx'), 'QuestionPage'),
});

const triggersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers',
  validateSearch: triggersSearch,
  component: lazyRouteComponent(() => import('./triggers/triggers-page.tsx'), 'TriggersPage'),
});

const newTriggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/new',
  validateSearch: newTriggerSearch,
  component: lazyRouteComponent(() => import('./triggers/new-trigger-page.tsx'), 'NewTriggerPage'),
});

const triggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$trigger',
  validateSearch: triggerSearch,
  component: lazyRouteComponent(() => import('./triggers/trigger-page.tsx'), 'TriggerPage'),
});

const editTriggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/triggers/$trigger/edit',
  component: lazyRouteComponent(
    () => import('./triggers/edit-trigger-page.tsx'),
    'EditTriggerPage',
  ),
});

const flowBatchesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-batches',
  component: lazyRouteComponent(
    () => import('./flow-batches/flow-batches-page.tsx'),
    'FlowBatchesPage',
  ),
});

const flowBatchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/flow-batches/$batchId',
  component: lazyRouteComponent(
    () => import('./flow-batches/flow-batch-page.tsx'),
    'FlowBatchPage',
  ),
});

const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs',
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import('./jobs/jobs-page.tsx'), 'JobsPage'),
});

const submitRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs/new',
  validateSearch: submitSearch,
  component: lazyRouteComponent(() => import('./submit/submit-page.tsx'), 'SubmitPage'),
});

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./jobs/job-page.tsx'), 'JobPage'),
});

const ensemblesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ensembles',
  validateSearch: ensemblesSearch,
  component: lazyRouteComponent(() => import('./ensembles/ensembles-page.tsx'), 'EnsemblesPage'),
});

const ensembleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ensembles/$ensembleId',
  component: lazyRouteComponent(() => import('./ensembles/ensemble-page.tsx'), 'EnsemblePage'),
});

const appsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/apps',
  component: lazyRouteComponent(() => import('./apps/apps-page.tsx'), 'AppsPage'),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/apps/$app',
  component: lazyRouteComponent(() => import('./apps/app-page.tsx'), 'AppPage'),
});

const sitesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites',
  component: lazyRouteComponent(() => import('./sites/sites-page.tsx'), 'SitesPage'),
});

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
  validateSearch: siteSearch,
  component: lazyRouteComponent(() => import('./sites/site-page.tsx'), 'SitePage'),
});

const catalogRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog',
  validateSearch: catalogSearch,
  component: lazyRouteComponent(() => import('./catalog/catalog-page.tsx'), 'CatalogPage'),
});

const datasetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/catalog/$datasetId',
  validateSearch: datasetSearch,
  component: lazyRouteComponent(() => import('./catalog/dataset-page.tsx'), 'DatasetPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
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
