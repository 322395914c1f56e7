import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';
import { deadlineAt } from '../read-time.ts';

/** `site maintenance add`. */
export async function addMaintenance(
  context: Context,
  site: string,
  options: { from: string; to: string; reason: string },
): Promise<void> {
  const startsAt = deadlineAt(options.from, context.nowAt) ?? context.nowAt;
  const endsAt = deadlineAt(options.to, context.nowAt) ?? context.nowAt;
  const body = { startsAt, endsAt, reason: options.reason };
  const params = { path: { site } };
  const made = await unwrap(
    context.client.POST('/api/v1/sites/{site}/maintenance', { params, body }),
  );
  context.out.document(
    made,
    () =>
      `${made.id}: ${localTime(made.startsAt, context.nowAt)} to ` +
      `${localTime(made.endsAt, context.nowAt)}, ${made.reason}`,
  );
}

/** `site maintenance remove`. */
export async function removeMaintenance(
  context: Context,
  site: string,
  maintenanceId: string,
): Promise<void> {
  const params = { path: { site, maintenanceId } };
  await unwrap(
    context.client.DELETE('/api/v1/sites/{site}/maintenance/{maintenanceId}', { params }),
  );
  context.out.document({}, () => 'taken back');
}
