import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { runEventKinds, type RunEventKind } from '@interpulse/domain/instrument/run-event.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { inWords, pairsInWords } from '../output/in-words.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { duration, localTime, measured } from '../output/quantities.ts';
import { defined, jsonPairs } from '../read-input.ts';

/** Words for people, and the kinds of events that they mean. */
const shortKinds: Readonly<Record<string, RunEventKind>> = {
  start: 'runStarted',
  end: 'runEnded',
  set: 'parametersSet',
  shot: 'shotTaken',
  due: 'nextShotDue',
};

/** `instrument runs`. */
export async function listRuns(
  context: Context,
  instrument: string,
  options: Paging,
): Promise<void> {
  const path = { instrument };
  await printList(
    context,
    options,
    (query) =>
      unwrap(
        context.client.GET('/api/v1/instruments/{instrument}/runs', { params: { path, query } }),
      ),
    (runs) => ({
      columns: ['run', 'began', 'ended', 'parameters', 'results', 'answered after', 'status'],
      rows: runs.map((run) => [
        run.number,
        localTime(run.takenAt, context.nowAt),
        localTime(run.endedAt, context.nowAt),
        pairsInWords(run.parameters),
        run.results.map(resultText).join(', '),
        duration(run.answerSeconds),
        run.flowStatus,
      ]),
      empty: `nothing is known of runs of ${instrument}`,
    }),
  );
}

/** What `instrument event` is told. */
export interface TellEventOptions {
  parameter?: string[] | undefined;
  at?: string | undefined;
  id?: string | undefined;
  nextShotAt?: string | undefined;
}

/** `instrument event`. */
export async function tellEvent(
  context: Context,
  instrument: string,
  words: { kind: string; run: string },
  options: TellEventOptions,
): Promise<void> {
  const kind = shortKinds[words.kind] ?? runEventKinds.find((each) => each === words.kind);
  if (kind === undefined) {
    const known = Object.keys(shortKinds).join(', ');
    throw new DomainError('invalid', `"${words.kind}" is no event of a run; take ${known}`);
  }
  const { id, nextShotAt } = options;
  const body = {
    kind,
    run: runNumber(words.run),
    parameters: jsonPairs(options.parameter),
    ...defined({ at: instantOf(options.at), id, nextShotAt: instantOf(nextShotAt) }),
  };
  const params = { path: { instrument } };
  const answer = await unwrap(
    context.client.POST('/api/v1/instruments/{instrument}/events', { params, body }),
  );
  const { isNew } = answer;
  context.out.document(answer, () =>
    isNew ? `told: ${kind} of run ${body.run}` : `${kind} of run ${body.run} was known`,
  );
}

/** `instrument report`. */
export async function reportResults(
  context: Context,
  instrument: string,
  run: string,
  words: string[],
  options: { unit?: string | undefined },
): Promise<void> {
  const body = Object.entries(jsonPairs(words)).map(([key, value]) => ({
    key,
    value,
    ...defined({ unit: options.unit }),
  }));
  const params = { path: { instrument, run: runNumber(run) } };
  const answer = await unwrap(
    context.client.POST('/api/v1/instruments/{instrument}/runs/{run}/results', { params, body }),
  );
  context.out.document(answer, () => answer.results.map(resultText).join('\n'));
}

function runNumber(word: string): number {
  const number = Number(word);
  if (word !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new DomainError('invalid', `"${word}" is no number of a run`);
}

function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new DomainError('invalid', `"${text}" is no instant; write 2026-11-21T14:03:00Z`);
}

function resultText({ key, value, unit, error }: Schemas['RunResult']): string {
  if (typeof value !== 'number') return `${key}=${inWords(value)}`;
  return `${key}=${measured(value, error ?? undefined, unit ?? '')}`;
}
