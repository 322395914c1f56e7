import type { NotifyInput } from '../flow/notify-input.ts';
import { limits } from '../limits.ts';
import { secondsBetween } from '../time.ts';
import { noticeLimits } from './notice-limits.ts';
import type { DirectPlace } from './notice-place.ts';
import type { Notice } from './notice.ts';

/** What happened, in one line. */
export function noticeTitle(notice: Notice): string {
  const { flow, label, flowRunId, trigger, question } = notice;
  const run = `${flow ?? 'a flow'}: ${label || (flowRunId ?? 'a flow run')}`;
  switch (notice.occasion) {
    case 'test':
      return 'A test: this is where Interpulse tells you of flow runs';
    case 'paused':
      return `The trigger ${trigger} paused itself`;
    case 'failed':
      return flowRunId === null ? `The trigger ${trigger} started no flow run` : `${run} failed`;
    case 'canceled':
      return `${run} was canceled`;
    case 'succeeded':
      return `${run} succeeded`;
    case 'late':
      return `${run} is late`;
    case 'waiting':
      return `${run} waits for a person${question === null ? '' : `: ${question.title}`}`;
  }
}

/**
 * The message that tells a place of notices, the oldest first. `hubUrl` is where the portal is;
 * without one, messages name the command that shows more.
 */
export function writeMessage(
  place: DirectPlace,
  notices: readonly Notice[],
  hubUrl: string | null,
): NotifyInput {
  const told = notices.slice(0, noticeLimits.perMessage);
  const untold = notices.length - told.length;
  if (place.by === 'webhook') {
    const body = {
      notices: told.map((notice) => ({
        ...notice,
        title: noticeTitle(notice),
        url: linkOf(notice, hubUrl),
      })),
      more: untold,
    };
    return { by: 'webhook', url: place.url, body, ...secretOf(place.secret) };
  }
  const parts = told.map((notice) => paragraphOf(notice, hubUrl));
  if (untold > 0) parts.push(`… and ${untold} more.`);
  const all = parts.join('\n\n');
  // Names of files become labels: none of them may call a whole room.
  const harmless = place.by === 'chat' ? all.replaceAll(/[@<]/g, '$&\u200b') : all;
  const text = harmless.slice(0, limits.messageText);
  if (place.by === 'chat') return { by: 'chat', chat: place.chat, text };
  return { by: 'mail', to: [place.address], cc: [], subject: subjectOf(notices), text };
}

function secretOf(secret: string | null): { secret?: string } {
  return secret === null ? {} : { secret };
}

function subjectOf(notices: readonly Notice[]): string {
  const [first] = notices;
  const title = first === undefined ? 'Nothing' : noticeTitle(first);
  const more = notices.length > 1 ? ` (and ${notices.length - 1} more)` : '';
  const line = title.replaceAll(/\s+/g, ' ').slice(0, limits.messageSubject - more.length);
  return `${line}${more}`;
}

function paragraphOf(notice: Notice, hubUrl: string | null): string {
  const lines = [noticeTitle(notice), notice.reason, dueLine(notice), whereLine(notice, hubUrl)];
  return readable(lines.filter((line) => line !== null && line !== '').join('\n'));
}

/** Instants as people read them; where the reader's clock stands nobody knows. */
function readable(text: string): string {
  return text.replaceAll(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, '$1 $2 UTC');
}

function dueLine({ occasion, deadlineAt, endedAt }: Notice): string | null {
  if (deadlineAt === null) return null;
  if (endedAt === null) return occasion === 'late' ? `It was due at ${deadlineAt}.` : null;
  const late = secondsBetween(deadlineAt, endedAt);
  return late > 0
    ? `It ended ${late.toFixed(1)} s after its deadline.`
    : `It ended ${(-late).toFixed(1)} s before its deadline.`;
}

function whereLine(notice: Notice, hubUrl: string | null): string {
  const url = linkOf(notice, hubUrl);
  if (url !== null) return url;
  if (notice.question !== null) return `interpulse web-input show ${notice.question.id}`;
  if (notice.flowRunId !== null) return `interpulse flow-run show ${notice.flowRunId}`;
  return notice.trigger === null ? '' : `interpulse trigger show ${notice.trigger}`;
}

function linkOf({ question, flowRunId, trigger }: Notice, hubUrl: string | null): string | null {
  if (hubUrl === null) return null;
  const root = hubUrl.replace(/\/$/, '');
  if (question !== null) return `${root}/questions/${question.id}`;
  if (flowRunId !== null) return `${root}/flow-runs/${flowRunId}`;
  return trigger === null ? `${root}/settings` : `${root}/triggers/${trigger}`;
}
