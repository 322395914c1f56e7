import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { commandLine } from '../format/command-line.ts';
import { parseSpan } from '../format/parse-span.ts';

/** How a flow run is started beside its input, as typed. */
export interface RunDraft {
  label: string;
  urgency: 'urgent' | 'normal' | 'backfill';
  deadline: string;
  tags: string;
  project: string;
}

/** Nothing said. */
export const emptyRunDraft: RunDraft = {
  label: '',
  urgency: 'normal',
  deadline: '',
  tags: '',
  project: '',
};

/** What of a draft goes into a request, and what is wrong with it by field. */
export interface RunDraftReading {
  options: Pick<Schemas['StartFlowRunBody'], 'label' | 'urgency' | 'deadlineAt' | 'tags'> & {
    project?: string;
  };
  faults: Partial<Record<keyof RunDraft, string>>;
}

/** Reads what was typed, at an instant in milliseconds (deadlines count from it). */
export function readRunDraft(draft: RunDraft, nowMilliseconds: number): RunDraftReading {
  const faults: RunDraftReading['faults'] = {};
  const seconds = draft.deadline.trim() === '' ? null : parseSpan(draft.deadline);
  if (draft.deadline.trim() !== '' && seconds === null) {
    faults.deadline = 'write it as 10 min or 2 h';
  }
  const pairs = draft.tags
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  if (pairs.some((pair) => !/^[a-z0-9][a-z0-9._-]*:./.test(pair))) {
    faults.tags = 'write them as name:value, name:value';
  }
  if (draft.label.length > 200) faults.label = 'at most 200 characters';
  const options: RunDraftReading['options'] = {
    label: draft.label,
    urgency: draft.urgency,
    deadlineAt: seconds === null ? null : new Date(nowMilliseconds + seconds * 1000).toISOString(),
    tags: Object.fromEntries(
      pairs.map((pair) => {
        const colon = pair.indexOf(':');
        return [pair.slice(0, colon), pair.slice(colon + 1).trim()];
      }),
    ),
    ...(draft.project === '' ? {} : { project: draft.project }),
  };
  return { options, faults };
}

/** The line of a shell that starts the same flow run. */
export function startCommand(flow: string, input: JsonObject, draft: RunDraft): string {
  const { tags } = readRunDraft(draft, 0).options;
  const seconds = parseSpan(draft.deadline);
  const words = [
    'interpulse',
    'flow-run',
    'start',
    flow,
    '--input-file',
    '-',
    ...option('--label', draft.label),
    ...(draft.urgency === 'normal' ? [] : ['--urgency', draft.urgency]),
    ...(seconds === null ? [] : ['--deadline', String(seconds)]),
    ...Object.entries(tags ?? {}).flatMap(([name, value]) => ['--tag', `${name}=${value}`]),
    ...option('--project', draft.project),
    '--follow',
  ];
  // What is quoted so is read as it is, whatever stands in the input.
  const document = JSON.stringify(input, null, 2);
  return `${commandLine(words)} <<'INPUT'\n${document}\nINPUT`;
}

function option(name: string, value: string): string[] {
  return value === '' ? [] : [name, value];
}
