import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { defined } from '../read-input.ts';

/** What `pilot list` is told. */
export interface ListPilotsOptions extends Paging {
  site?: string | undefined;
  alive?: boolean | undefined;
}

/** `pilot list`. */
export async function listPilots(context: Context, options: ListPilotsOptions): Promise<void> {
  const alive = options.alive === true ? 'true' : undefined;
  const wanted = defined({ site: options.site, alive });
  await printList(
    context,
    options,
    (page) =>
      unwrap(context.client.GET('/api/v1/pilots', { params: { query: { ...page, ...wanted } } })),
    (pilots) => ({
      columns: ['pilot', 'site', 'pool', 'state', 'batch job', 'host', 'cores', 'ends', 'reason'],
      rows: pilots.map((pilot) => [
        pilot.id,
        pilot.siteName,
        pilot.pool,
        pilot.state,
        pilot.batchJobId,
        pilot.host,
        pilot.cores,
        localTime(pilot.endsAt, context.nowAt),
        pilot.reason,
      ]),
      empty: 'no pilots',
    }),
  );
}
