import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { defined } from '../read-input.ts';
import { renderSite } from './sites.ts';

/** `site close` and `site open`. */
export async function changeSite(
  context: Context,
  site: string,
  change: { closed: boolean; reason?: string | undefined },
): Promise<void> {
  await send(context, site, defined(change));
}

/** What `site pool` may change. */
export interface PoolOptions {
  minWarm?: number | undefined;
  maxPilots?: number | undefined;
  nodesPerPilot?: number | undefined;
  walltimeSeconds?: number | undefined;
  idleSeconds?: number | undefined;
  paused?: boolean | undefined;
}

/** `site pool`. @throws DomainError invalid, when nothing is to be changed. */
export async function changePool(
  context: Context,
  path: { site: string; pool: string },
  options: PoolOptions,
): Promise<void> {
  const body = defined(options);
  if (Object.keys(body).length === 0) {
    throw new DomainError('invalid', 'nothing to change; see: interpulse site pool --help');
  }
  const answer = context.client.PATCH('/api/v1/sites/{site}/pools/{pool}', {
    params: { path },
    body,
  });
  const changed = await unwrap(answer);
  context.out.document(changed, () => renderSite(changed, context.nowAt));
}

async function send(
  context: Context,
  site: string,
  body: Schemas['UpdateSiteBody'],
): Promise<void> {
  const params = { path: { site } };
  const changed = await unwrap(context.client.PATCH('/api/v1/sites/{site}', { params, body }));
  context.out.document(changed, () => renderSite(changed, context.nowAt));
}
