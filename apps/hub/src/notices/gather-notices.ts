import type { HistoryEvent } from '@interpulse/domain/event/event.ts';
import type { Json } from '@interpulse/domain/json.ts';
import {
  concernedPeople,
  type ListeningPerson,
} from '@interpulse/domain/notice/concerned-people.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import { currentEventCursor, readEvents } from '@interpulse/store/events/read-events.ts';
import { lockNoticeCursor, moveNoticeCursor } from '@interpulse/store/notices/notice-settings.ts';
import {
  flowRunFacts,
  lateFlowRuns,
  nextFlowRunDeadline,
  peopleWhoListen,
  questionFacts,
  triggerFacts,
  type FlowRunFacts,
} from '@interpulse/store/notices/read-notice-facts.ts';
import { insertNotices, type NewNotice } from '@interpulse/store/notices/write-notices.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { flowRunNotice, tellPlaces, triggerNotice } from './tell-places.ts';

/** How a flow run ended, by the event that says so. */
const ends = {
  'flowRun.failed': 'failed',
  'flowRun.ended': 'canceled',
  'flowRun.succeeded': 'succeeded',
} as const;
const kinds = [...Object.keys(ends), 'webInput.created', 'trigger.failed', 'trigger.paused'];
/** Events that older transactions hold back are looked for again so soon, in seconds. */
const heldBackSeconds = 0.5;

/**
 * Reads the history on and writes who is to be told of it: notices and the place in the history
 * are one transaction, so a hub that dies loses none. Answers when there may be more.
 */
export async function gatherNotices(hub: Hub): Promise<boolean | string | null> {
  return hub.transaction(async (tx) => {
    const place = await lockNoticeCursor(tx);
    // Another hub is at it.
    if (place === undefined) return null;
    const now = hub.now();
    if (!place.isHeard) {
      if (place.cursor !== null) await moveNoticeCursor(tx, null, now);
      return null;
    }
    const after = place.cursor ?? (await currentEventCursor(tx));
    const limit = noticeLimits.eventsPerRound;
    const page = await readEvents(tx, { after, limit, filter: { kinds, orInactive: true } });
    // A clock that was set back, and a flow run that is written late, lose nothing.
    const from = addSeconds(place.lateUntil ?? now, -noticeLimits.lookBackSeconds);
    const late = { from: from < now ? from : now, to: now, limit: noticeLimits.lateRunsPerRound };
    const lateRuns = await lateFlowRuns(tx, late);
    const notices = await noticesOf(tx, page.events, lateRuns, now);
    const told = await insertNotices(tx, notices, now);
    if (told.length > 0) tx.notify([topics.notices]);
    await moveNoticeCursor(tx, page.cursor, now);
    if (page.isFull) return true;
    const next = await nextFlowRunDeadline(tx, now);
    const again = page.isHeldBack ? addSeconds(now, heldBackSeconds) : null;
    return next !== null && (again === null || next < again) ? next : again;
  });
}

async function noticesOf(
  tx: HubTransaction,
  events: readonly HistoryEvent[],
  lateRuns: readonly string[],
  now: string,
): Promise<NewNotice[]> {
  if (events.length === 0 && lateRuns.length === 0) return [];
  const people = await peopleWhoListen(tx);
  const runIds = new Set([...lateRuns, ...events.flatMap(({ flowRunId }) => flowRunId ?? [])]);
  const runs = await flowRunFacts(tx, [...runIds]);
  const ofRuns = events.flatMap((event) => {
    const facts = runs.get(event.flowRunId ?? '');
    return facts === undefined || event.subjectType !== 'flowRun'
      ? []
      : noticesOfRun(facts, event, people);
  });
  const ofLate = lateRuns.flatMap((id) => {
    const facts = runs.get(id);
    return facts === undefined ? [] : noticeOfLate(facts, people, now);
  });
  const ofQuestions = await noticesOfQuestions(tx, events, runs, people);
  return [...ofRuns, ...ofLate, ...ofQuestions, ...(await noticesOfTriggers(tx, events, people))];
}

/** A flow run that ended, or that came to a stop. */
function noticesOfRun(
  facts: FlowRunFacts,
  { kind, at, data }: HistoryEvent,
  listening: readonly ListeningPerson[],
): NewNotice[] {
  const people = concernedPeople(facts, listening);
  const subject = facts.id;
  if (!Object.hasOwn(ends, kind)) {
    // What it asks is told with the question; what went on meanwhile needs nobody.
    if (facts.status !== 'INACTIVE' || facts.hasQuestion) return [];
    const notice = flowRunNotice(facts, 'waiting', at);
    const about = `waiting:${textOf(data['state'])}`;
    return tellPlaces({ occasion: 'waiting', subject, about, notice, people });
  }
  const occasion = ends[kind as keyof typeof ends];
  const notice = flowRunNotice(facts, occasion, at);
  const ended = tellPlaces({ occasion, subject, about: 'ended', notice, people });
  const { deadlineAt, endedAt } = facts;
  const isLate = deadlineAt !== null && endedAt !== null && endedAt > deadlineAt;
  if (!isLate) return ended;
  // Who hears of the end hears with it that it was late.
  const told = new Set(ended.map(({ place }) => place));
  const lateOnly = { ...notice, occasion: 'late' as const };
  const late = tellPlaces({ occasion: 'late', subject, about: 'late', notice: lateOnly, people });
  return [...ended, ...late.filter(({ place }) => !told.has(place))];
}

function noticeOfLate(
  facts: FlowRunFacts,
  listening: readonly ListeningPerson[],
  at: string,
): NewNotice[] {
  const people = concernedPeople(facts, listening);
  const notice = flowRunNotice(facts, 'late', at);
  return tellPlaces({ occasion: 'late', subject: facts.id, about: 'late', notice, people });
}

/** Questions are told to those who may answer, and to those whom the flow run concerns. */
async function noticesOfQuestions(
  tx: HubTransaction,
  events: readonly HistoryEvent[],
  runs: ReadonlyMap<string, FlowRunFacts>,
  listening: readonly ListeningPerson[],
): Promise<NewNotice[]> {
  const asked = events.filter(({ subjectType }) => subjectType === 'webInput');
  const questions = await questionFacts(
    tx,
    asked.map(({ subjectId }) => subjectId),
  );
  return asked.flatMap(({ subjectId, flowRunId, at }) => {
    const facts = runs.get(flowRunId ?? '');
    const question = questions.get(subjectId);
    if (facts === undefined || question === undefined) return [];
    const { id, title, respondents } = question;
    const people = concernedPeople(facts, listening, respondents);
    const notice = flowRunNotice(facts, 'waiting', at, { id, title });
    const about = `waiting:${id}`;
    return tellPlaces({ occasion: 'waiting', subject: facts.id, about, notice, people });
  });
}

/** Triggers that could not start their flow, or that paused themselves. */
async function noticesOfTriggers(
  tx: HubTransaction,
  events: readonly HistoryEvent[],
  listening: readonly ListeningPerson[],
): Promise<NewNotice[]> {
  const ofTriggers = events.filter(
    ({ subjectType, kind, actor }) =>
      subjectType === 'trigger' && (kind === 'trigger.failed' || actor === null),
  );
  const triggers = await triggerFacts(tx, [
    ...new Set(ofTriggers.map(({ subjectId }) => subjectId)),
  ]);
  return ofTriggers.flatMap(({ subjectId, kind, at, data, cursor }) => {
    const facts = triggers.get(subjectId);
    if (facts === undefined) return [];
    const occasion = kind === 'trigger.failed' ? 'failed' : 'paused';
    const notice = triggerNotice(facts, occasion, at, textOf(data['reason']));
    const people = concernedPeople(facts, listening);
    const subject = `trigger:${subjectId}`;
    return tellPlaces({ occasion, subject, about: `${occasion}:${cursor}`, notice, people });
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
