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
  flowRunsSearch,
  jobsSearch,
  liveSearch,
} from './search-params.ts';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });

const liveRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: liveSearch,
  component: LivePage,
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
  component: lazyRouteComponent(() => import('./flow-runs/flow-run-page.tsx'), 'FlowRunPage'),
});

const jobsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs',
  validateSearch: jobsSearch,
  component: lazyRouteComponent(() => import('./jobs/jobs-page.tsx'), 'JobsPage'),
});

const jobRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./jobs/job-page.tsx'), 'JobPage'),
});

const sitesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites',
  component: lazyRouteComponent(() => import('./sites/sites-page.tsx'), 'SitesPage'),
});

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
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
    flowRunsRoute,
    flowRunRoute,
    jobsRoute,
    jobRoute,
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
