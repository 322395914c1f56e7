import type { Answer } from '@interpulse/api/agent-messages/questions.ts';
import { listInputSchema, type ListInput } from '@interpulse/domain/flow/file-action-inputs.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import type { Action, PerformCall } from './action.ts';
import { askAboutLocation } from './ask-about-location.ts';
import { endedAction } from './ended-action.ts';
import { globusEntry } from './globus-entry.ts';

/** `interpulse:list`: what lies in a folder; its `entries` are what a Map goes over. */
export const list: Action = {
  deferred: true,
  cancel: null,
  release: null,

  async start({ input }) {
    const request = listInputSchema.parse(input);
    return { kind: 'deferred', request, location: request.location };
  },

  async perform(call) {
    const input = listInputSchema.parse(call.request);
    const { location, type, limit, answerAs } = input;
    const answer = await (input.itself ? lookAtItself(call, input) : lookInto(call, input));
    const fitting = answer.entries.filter((entry) => type === null || entry.type === type);
    const entries = fitting.slice(0, limit);
    const { total } = answer;
    const displayStatus = `${entries.length} entries`;
    if (answerAs === 'globus') {
      const DATA = entries.map(globusEntry);
      const { path } = parseLocation(location);
      const details = { DATA_TYPE: 'file_list', DATA, length: DATA.length, total, path };
      return endedAction(call, details, { displayStatus });
    }
    const folder = location.replace(/\/$/, '');
    const details = {
      location,
      entries: entries.map((entry) => ({
        ...entry,
        location: input.itself ? location : `${folder}/${entry.name}`,
      })),
      total,
      isCut: fitting.length > entries.length || total > answer.entries.length,
    };
    return endedAction(call, details, { displayStatus });
  },
};

type Entries = { entries: Entry[]; total: number };
type Entry = Extract<Answer, { answer: 'folder' }>['entries'][number];

async function lookInto(call: PerformCall, input: ListInput): Promise<Entries> {
  const { location, pattern, type } = input;
  const limit = type === null ? input.limit : limits.folderEntries;
  const question = { ask: 'listFolder' as const, location, pattern, limit };
  const { entries, total } = await askAboutLocation(call, location, question, 'folder');
  return { entries, total: total ?? entries.length };
}

async function lookAtItself(call: PerformCall, { location }: ListInput): Promise<Entries> {
  const { entry } = await askAboutLocation(call, location, { ask: 'lookAt', location }, 'entry');
  if (entry === null) throw new DomainError('notFound', `${location} is not there`);
  return { entries: [entry], total: 1 };
}
