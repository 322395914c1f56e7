import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { renderFields } from '../output/render-table.ts';
import { pairs } from '../read-input.ts';

/** The parts in a flow, by the option that adds to them. */
const parts = {
  administrator: 'administrators',
  starter: 'starters',
  viewer: 'viewers',
  runManager: 'runManagers',
  runMonitor: 'runMonitors',
} as const;

/** What `flow share` is told: names, `project:NAME` or `everyone`. */
export interface ShareFlowOptions extends Partial<Record<keyof typeof parts, string[]>> {
  flow: string;
  /** Taken out of every part. */
  remove?: string[] | undefined;
  account?: string | undefined;
  /** `role=account`. */
  role?: string[] | undefined;
}

/** `flow share`: gives people parts in a flow, or takes them away; without options shows them. */
export async function shareFlow(context: Context, options: ShareFlowOptions): Promise<void> {
  const { flow, remove = [], account, role } = options;
  const path = { flow };
  const params = { path, query: {} };
  const known = await unwrap(context.client.GET('/api/v1/flows/{flow}', { params }));
  const body: Schemas['ChangeFlowBody'] = {};
  for (const [option, part] of Object.entries(parts)) {
    const added = options[option as keyof typeof parts] ?? [];
    const names = new Set([...known[part], ...added]);
    for (const name of remove) names.delete(name);
    const changed = [...names];
    if (changed.join() !== known[part].join()) body[part] = changed;
  }
  if (account !== undefined) body.serviceAccount = account === 'none' ? null : account;
  if (role !== undefined) body.roles = { ...known.roles, ...pairs(role) };
  const gone = remove.find((name) => !Object.values(parts).some((p) => known[p].includes(name)));
  if (gone !== undefined) throw new DomainError('notFound', `${gone} has no part in flow ${flow}`);
  const shown =
    Object.keys(body).length === 0
      ? known
      : await unwrap(context.client.PATCH('/api/v1/flows/{flow}', { params: { path }, body }));
  context.out.document(shown, () =>
    renderFields([
      ['flow', shown.name],
      ['project', `${shown.project} (its members see and start it)`],
      ['owner', shown.owner],
      ...Object.values(parts).map((part) => [part, shown[part].join(', ')] as const),
      ['acts as', shown.serviceAccount],
      ...Object.entries(shown.roles).map(([name, of]) => [`role ${name}`, of] as const),
    ]),
  );
}
