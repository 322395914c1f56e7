import { existsSync } from 'node:fs';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';
import { renderTable } from '../output/render-table.ts';
import { timeAgo } from '../read-time.ts';
import { readObject } from '../read-document.ts';

/** `trigger dry-run`. */
export async function dryRunTrigger(
  context: Context,
  options: { source: string; from: string; to: string; name?: string | undefined },
): Promise<void> {
  const { source, name } = options;
  const isFile = source === '-' || /\.(json|ya?ml)$/i.test(source) || existsSync(source);
  const which = isFile
    ? {
        trigger: readObject(source) as unknown as Schemas['SaveTriggerBody'],
        ...(name === undefined ? {} : { name }),
      }
    : { name: source };
  const body = {
    ...which,
    from: timeAgo('--from', options.from, context.nowAt),
    to: timeAgo('--to', options.to, context.nowAt),
  };
  const ran = await unwrap(context.client.POST('/api/v1/triggers/dry-run', { body }));
  context.out.document(ran, () => {
    const counts = Object.entries(ran.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
    const table = renderTable({
      columns: ['at', 'event', 'would fire', 'label', 'why not'],
      rows: ran.items.map((item) => [
        localTime(item.at, context.nowAt),
        item.event,
        item.wouldFire ? 'yes' : item.outcome,
        item.label,
        item.reason,
      ]),
      empty: 'nothing matched',
    });
    const sum = `${ran.wouldFire} of ${ran.looked} events would have started the flow`;
    const told = counts.length > 0 ? `${sum} (${counts.join(', ')})` : sum;
    const cut = ran.isCut ? ['there was more than is shown; take a shorter time'] : [];
    const notes = [...cut, ...ran.notes].map((note) => `note: ${note}`);
    return [table, '', told, ...notes].join('\n');
  });
}
