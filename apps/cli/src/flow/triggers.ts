import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { jsonPairs, oneOf } from '../read-input.ts';

/** `trigger list`. */
export async function listTriggers(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/triggers', { params: { query } })),
    (triggers) => ({
      columns: ['name', 'on', 'instrument', 'pattern', 'flow', 'deadline', 'urgency', 'runs as'],
      rows: triggers.map((trigger) => [
        trigger.name,
        trigger.enabled ? 'yes' : 'no',
        trigger.instrument,
        trigger.pattern,
        trigger.flowName,
        String(trigger.deadline),
        trigger.urgency,
        trigger.runAs,
      ]),
      empty: 'no triggers; add one with: interpulse trigger save',
    }),
  );
}

/** What `trigger save` is told. */
export interface SaveTriggerOptions {
  name: string;
  instrument: string;
  flow: string;
  pattern: string;
  deadline: string;
  urgency: string;
  input?: string[] | undefined;
  project?: string | undefined;
  disabled?: boolean | undefined;
}

/** `trigger save`. */
export async function saveTrigger(context: Context, options: SaveTriggerOptions): Promise<void> {
  const body: Schemas['SaveTriggerBody'] = {
    enabled: options.disabled !== true,
    instrument: options.instrument,
    pattern: options.pattern,
    flowName: options.flow,
    input: jsonPairs(options.input),
    deadline: deadlineRule(options.deadline),
    urgency: oneOf('--urgency', ['urgent', 'normal', 'backfill'])(options.urgency),
    ...(options.project === undefined ? {} : { project: options.project }),
  };
  const params = { path: { trigger: options.name } };
  const saved = await unwrap(context.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
  context.out.document(
    saved,
    () => `${saved.instrument} ${saved.pattern} now starts ${saved.flowName} (${saved.name})`,
  );
}

/** `trigger delete`. */
export async function deleteTrigger(context: Context, trigger: string): Promise<void> {
  const params = { path: { trigger } };
  await unwrap(context.client.DELETE('/api/v1/triggers/{trigger}', { params }));
  context.out.document({ deleted: trigger }, () => `deleted trigger ${trigger}`);
}

function deadlineRule(text: string): 'nextShot' | 'none' | number {
  if (text === 'nextShot' || text === 'none') return text;
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new DomainError('invalid', `--deadline is nextShot, none or seconds, not "${text}"`);
}
