import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { renderTable } from '../output/render-table.ts';
import { defined } from '../read-input.ts';

/** Of what: any two or three of them together, too. */
export interface LimitScope {
  project?: string | undefined;
  site?: string | undefined;
  app?: string | undefined;
}

/** `limit list`. */
export async function listLimits(context: Context): Promise<void> {
  const found = await unwrap(context.client.GET('/api/v1/placement-limits'));
  context.out.document(found, () =>
    renderTable({
      columns: ['project', 'site', 'app', 'jobs', 'most jobs', 'cores', 'most cores'],
      rows: found.items.map((each) => [
        each.project ?? 'any',
        each.site ?? 'any',
        each.app ?? 'any',
        each.jobs,
        each.maxJobs,
        each.cores,
        each.maxCores,
      ]),
      empty: 'no limits; set one with: interpulse limit set --project NAME --max-jobs COUNT',
    }),
  );
}

/** `limit set`. */
export async function setLimit(
  context: Context,
  { maxJobs, maxCores, ...scope }: LimitScope & { maxJobs?: number; maxCores?: number },
): Promise<void> {
  const body = defined({ ...scope, maxJobs, maxCores });
  const saved = await unwrap(context.client.PUT('/api/v1/placement-limits', { body }));
  context.out.document(saved, () => 'set; it holds for what is placed from now on');
}

/** `limit remove`. */
export async function removeLimit(context: Context, scope: LimitScope): Promise<void> {
  const query = defined(scope);
  await unwrap(context.client.DELETE('/api/v1/placement-limits', { params: { query } }));
  context.out.document({}, () => 'removed');
}
