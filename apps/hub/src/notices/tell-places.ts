import { choosePlaces, type ConcernedPeople } from '@interpulse/domain/notice/choose-places.ts';
import type { Notice } from '@interpulse/domain/notice/notice.ts';
import { noticeLimits } from '@interpulse/domain/notice/notice-limits.ts';
import type { NoticeOccasion } from '@interpulse/domain/notice/notice-rule.ts';
import type { FlowRunFacts, TriggerFacts } from '@interpulse/store/notices/read-notice-facts.ts';
import type { NewNotice } from '@interpulse/store/notices/write-notices.ts';

/** Something that happened, with those whom it concerns. */
export interface Telling {
  occasion: NoticeOccasion;
  subject: string;
  /** What is told once of the subject. */
  about: string;
  notice: Notice;
  people: ConcernedPeople;
}

/** The notices of something that happened, one for each place. */
export function tellPlaces({ occasion, subject, about, notice, people }: Telling): NewNotice[] {
  return choosePlaces(occasion, people).map((place) => ({ place, subject, about, notice }));
}

/** What is told of a flow run. */
export function flowRunNotice(
  facts: FlowRunFacts,
  occasion: NoticeOccasion,
  at: string,
  question: Notice['question'] = null,
): Notice {
  const { id, flow, label, project, trigger, deadlineAt, endedAt } = facts;
  const reason = facts.reason?.slice(0, noticeLimits.reasonLength) ?? null;
  const told = { flow, flowRunId: id, label, project, trigger, reason, deadlineAt, endedAt };
  return { occasion, at, ...told, question };
}

/** What is told of a trigger. */
export function triggerNotice(
  { name, flow, project }: TriggerFacts,
  occasion: NoticeOccasion,
  at: string,
  reason: string,
): Notice {
  const none = { flowRunId: null, label: '', deadlineAt: null, endedAt: null, question: null };
  const told = reason.slice(0, noticeLimits.reasonLength);
  return { occasion, at, project, flow, trigger: name, reason: told, ...none };
}
