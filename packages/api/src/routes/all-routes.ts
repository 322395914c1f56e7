import type { z } from 'zod';
import { accessRoutes } from './access.ts';
import { datasetRoutes } from './datasets.ts';
import { fileRoutes } from './files.ts';
import { flowBatchRoutes } from './flow-batches.ts';
import { flowRunRoutes } from './flow-runs.ts';
import { flowRoutes } from './flows.ts';
import { instrumentRoutes } from './instruments.ts';
import { jobRoutes } from './jobs.ts';
import { noticeRoutes } from './notices.ts';
import { siteRoutes } from './sites.ts';
import { triggerRoutes } from './triggers.ts';
import { webInputRoutes } from './web-inputs.ts';
import type { RouteContract } from './contract.ts';

/** Every route of the API by operation id; all of them lie under {@link apiPrefix}. */
export const allRoutes = {
  ...accessRoutes,
  ...noticeRoutes,
  ...siteRoutes,
  ...instrumentRoutes,
  ...jobRoutes,
  ...flowRoutes,
  ...flowRunRoutes,
  ...flowBatchRoutes,
  ...triggerRoutes,
  ...webInputRoutes,
  ...datasetRoutes,
  ...fileRoutes,
};

/** The path in front of every route. */
export const apiPrefix = '/api/v1';

/** The name of one route. */
export type OperationId = keyof typeof allRoutes;

type Parsed<R extends RouteContract, K extends 'params' | 'query' | 'body'> =
  R extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;

/** What a route's handler is given after validation. */
export interface RouteInput<O extends OperationId> {
  params: Parsed<(typeof allRoutes)[O], 'params'>;
  query: Parsed<(typeof allRoutes)[O], 'query'>;
  body: Parsed<(typeof allRoutes)[O], 'body'>;
}

/** What a route's handler returns; routes that do not answer JSON return undefined. */
export type RouteOutput<O extends OperationId> =
  (typeof allRoutes)[O] extends Record<'response', infer S extends z.ZodType>
    ? z.input<S>
    : undefined;
