import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';
import { renderTable } from '../output/render-table.ts';

/** Rows of the table: about a screen. */
const rowsShown = 24;

/** `site usage`: cores that worked, over time. */
export async function showUsage(context: Context, site: string, hours: number): Promise<void> {
  const params = {
    path: { site },
    query: { hours, samples: context.out.isJson ? 500 : rowsShown },
  };
  const found = await unwrap(context.client.GET('/api/v1/sites/{site}/usage', { params }));
  context.out.document(found, () =>
    renderTable({
      columns: ['at', 'busy', '', 'cores', 'jobs run', 'jobs ready', 'pilots'],
      rows: found.samples.map((sample) => [
        localTime(sample.at, context.nowAt),
        percentOf(sample),
        barOf(sample),
        `${sample.coresBusy} of ${sample.coresTotal}`,
        sample.jobsActive,
        sample.jobsReady,
        sample.pilots,
      ]),
      empty: 'nothing was noted yet; use is noted every half minute',
    }),
  );
}

type Sample = Schemas['SiteSample'];

function percentOf({ coresBusy, coresTotal }: Sample): string {
  return coresTotal === 0 ? '-' : `${Math.round((100 * coresBusy) / coresTotal)} %`;
}

function barOf({ coresBusy, coresTotal }: Sample): string {
  return '█'.repeat(coresTotal === 0 ? 0 : Math.round((20 * coresBusy) / coresTotal));
}
