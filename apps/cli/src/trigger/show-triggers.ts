import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { firingOutcomes } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';
import { defined, oneOf } from '../read-input.ts';
import { sourceText } from './source-text.ts';

/** `trigger list`. */
export async function listTriggers(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/triggers', { params: { query } })),
    (triggers) => ({
      columns: ['name', 'on', 'listens to', 'flow', 'runs as', 'fired', 'not', 'last', 'problem'],
      rows: triggers.map((trigger) => [
        trigger.name,
        trigger.enabled ? 'yes' : 'paused',
        sourceText(trigger.source),
        trigger.flowName,
        trigger.runAs,
        trigger.counts.fired,
        notFired(trigger.counts),
        localTime(trigger.lastFiredAt, context.nowAt),
        trigger.pause?.reason ?? trigger.lastProblem?.reason ?? null,
      ]),
      empty: 'no triggers; add one with: interpulse trigger save',
    }),
  );
}

/** `trigger show`. */
export async function showTrigger(context: Context, name: string): Promise<void> {
  const params = { path: { trigger: name } };
  const trigger = await unwrap(context.client.GET('/api/v1/triggers/{trigger}', { params }));
  context.out.document(trigger, () => {
    const { rateLimit, pause, lastProblem, counts } = trigger;
    const told = firingOutcomes.filter((outcome) => counts[outcome] > 0);
    const fields = renderFields([
      ['trigger', trigger.name],
      ['listens to', sourceText(trigger.source)],
      ['starts', trigger.flowName],
      ['project', trigger.project],
      ['runs as', trigger.runAs],
      ['paused', pause && `by ${pause.by ?? 'itself'}: ${pause.reason}`],
      ['when', trigger.when],
      ['key', trigger.dedupKey],
      [
        'at most',
        rateLimit && `${rateLimit.most} in ${rateLimit.perSeconds} s, ${rateLimit.beyond}`,
      ],
      ['waiting', trigger.queuedEvents > 0 ? trigger.queuedEvents : null],
      ['due next', localTime(trigger.nextDueAt, context.nowAt)],
      [
        '24 hours',
        told.map((outcome) => `${counts[outcome]} ${outcome}`).join(', ') || 'no events',
      ],
      ['told again', counts.repeats > 0 ? counts.repeats : null],
      ['problem', lastProblem?.reason ?? null],
      ...trigger.notify.map(
        ({ on, to }) => [`on ${on.join(', ')}`, `tells ${to.join(', ')}`] as const,
      ),
      ['input', JSON.stringify(trigger.input)],
    ]);
    return `${fields}\n\n${renderTable(firingTable(context, trigger.lastFirings))}`;
  });
}

/** `trigger firings`. */
export async function listFirings(
  context: Context,
  name: string,
  { outcome, ...paging }: Paging & { outcome?: string | undefined },
): Promise<void> {
  const wanted = defined({ outcome: oneOf('--outcome', firingOutcomes, outcome) });
  const path = { trigger: name };
  await printList(
    context,
    paging,
    (query) =>
      unwrap(
        context.client.GET('/api/v1/triggers/{trigger}/firings', {
          params: { path, query: { ...query, ...wanted } },
        }),
      ),
    (firings) => firingTable(context, firings),
  );
}

function firingTable(context: Context, firings: readonly Schemas['TriggerFiring'][]) {
  return {
    columns: ['at', 'event', 'outcome', 'flow run', 'again', 'why not'],
    rows: firings.map((firing) => [
      localTime(firing.at, context.nowAt),
      firing.summary,
      firing.outcome,
      firing.flowRunId,
      firing.repeats > 0 ? firing.repeats : null,
      firing.reason,
    ]),
    empty: 'no events yet',
  };
}

function notFired(counts: Schemas['TriggerReport']['counts']): number {
  const { fired: _, repeats: __, ...others } = counts;
  return Object.values(others).reduce((sum, count) => sum + count, 0);
}
