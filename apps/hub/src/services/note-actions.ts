import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import { secondsBetween, type Instant } from '@interpulse/domain/time.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import {
  actionRunNotes,
  type ActionRunNote,
} from '@interpulse/store/action-runs/read-action-runs.ts';

/** The steps of a flow run, those with an action under way with what it says of itself. */
export async function noteActions(
  db: Executor,
  flowRun: { id: string; reason: string | null; endedAt: string | null },
  steps: FlowStep[],
  now: Instant,
): Promise<{ reason: string | null; steps: FlowStep[] }> {
  if (flowRun.endedAt !== null) return { reason: flowRun.reason, steps };
  const notes = new Map<number, string>();
  const said: string[] = [];
  for (const action of await actionRunNotes(db, flowRun.id)) {
    const sentence = sentenceOf(action, now);
    notes.set(action.step, sentence);
    // Of those that need a person the flow run speaks itself.
    if (action.status === 'active') said.push(`${upper(sentence)}.`);
  }
  if (notes.size === 0) return { reason: flowRun.reason, steps };
  return {
    reason: [flowRun.reason ?? '', ...said.slice(0, sentencesShown)].join(' ').trim(),
    steps: steps.map((step) => ({
      ...step,
      reason: step.reason ?? notes.get(step.sequence) ?? null,
    })),
  };
}

const sentencesShown = 3;

function sentenceOf(
  { note, lastError, attempt, dueAt, status }: ActionRunNote,
  now: Instant,
): string {
  const said = [note ?? (attempt === 0 ? 'it is about to be started' : 'it is being started')];
  if (lastError !== null) said.push(`the last time: ${lastError}`);
  if (attempt > 0) said.push(`asked ${attempt === 1 ? 'once' : `${attempt} times`}`);
  const next = dueAt === null ? null : Math.max(0, secondsBetween(now, dueAt));
  if (status === 'stalled') return `${said.join('; ')}, and again when somebody resumes it`;
  return `${said.join('; ')}${next === null ? '' : `, next in ${Math.round(next * 10) / 10} s`}`;
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
