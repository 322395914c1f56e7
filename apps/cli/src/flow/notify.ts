import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { readOccasions } from '../notice/notices.ts';
import { renderTable } from '../output/render-table.ts';

/** What `flow notify` is told. */
export interface NotifyFlowOptions {
  flow: string;
  on?: string[] | undefined;
  to?: string[] | undefined;
  /** The rules that there are go away first. */
  clear?: boolean | undefined;
}

/** `flow notify`: adds a rule about who is told of a flow's runs; without options shows them. */
export async function notifyOfFlow(context: Context, options: NotifyFlowOptions): Promise<void> {
  const { flow, on, to, clear = false } = options;
  if ((on === undefined) !== (to === undefined)) {
    throw new DomainError('invalid', 'a rule needs both: --on what, --to whom');
  }
  const path = { flow };
  const params = { path, query: {} };
  const known = await unwrap(context.client.GET('/api/v1/flows/{flow}', { params }));
  const rules = on && to ? [{ on: readOccasions(on), to }] : [];
  const notify: Schemas['Flow']['notify'] = [...(clear ? [] : known.notify), ...rules];
  const isSame = !clear && rules.length === 0;
  const shown = isSame
    ? known
    : await unwrap(
        context.client.PATCH('/api/v1/flows/{flow}', { params: { path }, body: { notify } }),
      );
  context.out.document(shown, () =>
    renderTable({
      columns: ['on', 'to'],
      rows: shown.notify.map((rule) => [rule.on.join(', '), rule.to.join(', ')]),
      empty: 'no rules; people hear of flow runs as their settings say: interpulse notice show',
    }),
  );
}
