import { secondsBetween, type Instant } from '../time.ts';
import {
  timingPieces,
  type PieceSeconds,
  type ShotTiming,
  type TimingPiece,
} from './shot-timing.ts';

/** A stretch of time in which something of a flow run was under way; `to` is null while it is. */
export interface TimedWork {
  piece: TimingPiece;
  from: Instant;
  to: Instant | null;
}

/** What is known of a shot and its flow run. */
export interface ShotFacts {
  number: number;
  takenAt: Instant;
  /** When its file was whole, or its run ended. */
  closedAt: Instant | null;
  /** When the hub had heard of its file. */
  noticedAt: Instant | null;
  deadlineAt: Instant | null;
  answeredAt: Instant | null;
  flowRunId: ShotTiming['flowRunId'];
  flowStatus: string | null;
  flowStartedAt: Instant | null;
  flowEndedAt: Instant | null;
  work: TimedWork[];
}

/** Of several things under way at once the time counts for the first in this order. */
const precedence: readonly TimingPiece[] = [
  'running',
  'returning',
  'transferring',
  'publishing',
  'waiting',
  'acting',
  'pausing',
];

/** How a shot stood to its budget, and where its time went. */
export function timeShot(facts: ShotFacts): ShotTiming {
  const { number, takenAt, flowRunId, deadlineAt, answeredAt, flowStartedAt, flowEndedAt } = facts;
  const isOver = flowStartedAt !== null && flowEndedAt !== null;
  const pieces = isOver ? divide(facts, flowStartedAt, flowEndedAt) : null;
  return {
    number,
    takenAt,
    flowRunId,
    outcome: outcomeOf(facts),
    budgetSeconds: deadlineAt === null ? null : secondsBetween(takenAt, deadlineAt),
    answerSeconds: answeredAt === null ? null : secondsBetween(takenAt, answeredAt),
    lateSeconds:
      answeredAt === null || deadlineAt === null ? null : secondsBetween(deadlineAt, answeredAt),
    wholeSeconds: pieces && timingPieces.reduce((sum, piece) => sum + pieces[piece], 0),
    pieces,
  };
}

function outcomeOf({ answeredAt, deadlineAt, flowStatus }: ShotFacts): ShotTiming['outcome'] {
  if (answeredAt !== null) return deadlineAt === null || answeredAt <= deadlineAt ? 'hit' : 'late';
  if (flowStatus === null) return 'none';
  return flowStatus === 'ACTIVE' || flowStatus === 'INACTIVE' ? 'pending' : 'failed';
}

/** Each instant from the shot to the end of its flow run counts for one piece. */
function divide(facts: ShotFacts, startedAt: Instant, endedAt: Instant): PieceSeconds {
  const milliseconds = Object.fromEntries(timingPieces.map((piece) => [piece, 0])) as PieceSeconds;
  // Clocks differ: what is said to lie before what it follows took no time.
  const taken = Math.min(Date.parse(facts.takenAt), Date.parse(startedAt));
  const started = Date.parse(startedAt);
  const ended = Math.max(started, Date.parse(endedAt));
  const within = (at: Instant | null, from: number) =>
    Math.min(started, Math.max(from, at === null ? from : Date.parse(at)));
  const closed = within(facts.closedAt, taken);
  const noticed = within(facts.noticedAt ?? startedAt, closed);
  milliseconds.recording = closed - taken;
  milliseconds.noticing = noticed - closed;
  milliseconds.starting = started - noticed;
  divideFlow(milliseconds, facts.work, started, ended);
  return Object.fromEntries(
    timingPieces.map((piece) => [piece, milliseconds[piece] / 1000]),
  ) as PieceSeconds;
}

/** Goes along the beginnings and ends of all work, and counts what goes first in between. */
function divideFlow(
  sums: PieceSeconds,
  work: readonly TimedWork[],
  started: number,
  ended: number,
): void {
  const inside = (at: number) => Math.min(ended, Math.max(started, at));
  const marks = work.flatMap(({ piece, from, to }) => {
    const begin = inside(Date.parse(from));
    const end = inside(to === null ? ended : Date.parse(to));
    return begin < end
      ? [
          { at: begin, piece, open: 1 },
          { at: end, piece, open: -1 },
        ]
      : [];
  });
  marks.sort((a, b) => a.at - b.at);
  const open = new Map<TimingPiece, number>();
  let at = started;
  for (const mark of [...marks, { at: ended, piece: 'overhead' as const, open: 0 }]) {
    const first = precedence.find((piece) => (open.get(piece) ?? 0) > 0) ?? 'overhead';
    sums[first] += mark.at - at;
    at = mark.at;
    open.set(mark.piece, (open.get(mark.piece) ?? 0) + mark.open);
  }
}
