import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { jsonPairs, readUrgency } from '../read-input.ts';
import { readObject } from '../read-document.ts';
import { sourceText } from './source-text.ts';

/** What `trigger save` is told. */
export interface SaveTriggerOptions {
  name: string;
  file?: string | undefined;
  instrument?: string | undefined;
  flow?: string | undefined;
  pattern: string;
  deadline: string;
  urgency: string;
  input?: string[] | undefined;
  project?: string | undefined;
  disabled?: boolean | undefined;
}

/** `trigger save`. */
export async function saveTrigger(context: Context, options: SaveTriggerOptions): Promise<void> {
  const body = {
    ...(options.file === undefined ? fromOptions(options) : readObject(options.file)),
    ...(options.project === undefined ? {} : { project: options.project }),
    ...(options.disabled === true ? { enabled: false } : {}),
  } as Schemas['SaveTriggerBody'];
  const params = { path: { trigger: options.name } };
  const saved = await unwrap(context.client.PUT('/api/v1/triggers/{trigger}', { params, body }));
  context.out.document(saved, () => {
    const said = `${sourceText(saved.source)} now starts ${saved.flowName} (${saved.name})`;
    if (saved.secret === null) return said;
    const how = `send to /hooks/${saved.name}, signed with this secret, shown only now:`;
    return `${said}\n${how}\n${saved.secret}`;
  });
}

function fromOptions(options: SaveTriggerOptions): Schemas['SaveTriggerBody'] {
  const { instrument, flow, pattern } = options;
  if (instrument === undefined || flow === undefined) {
    throw new DomainError('invalid', 'give a file, or --instrument and --flow');
  }
  return {
    source: { kind: 'file', instrument, pattern },
    flowName: flow,
    input: jsonPairs(options.input),
    deadline: deadlineRule(options.deadline),
    urgency: readUrgency(options.urgency),
  };
}

function deadlineRule(text: string): 'nextShot' | 'none' | number {
  if (text === 'nextShot' || text === 'none') return text;
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new DomainError('invalid', `--deadline is nextShot, none or seconds, not "${text}"`);
}
