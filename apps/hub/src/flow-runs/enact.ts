import type { FlowEvent } from '@interpulse/domain/flow/flow-progress.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { saveBranches } from '@interpulse/store/flow-runs/flow-branches.ts';
import { saveProgress } from '@interpulse/store/flow-runs/write-flow-runs.ts';
import type { LockedFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { Hub, HubTransaction } from '../hub.ts';
import { fireFlowTriggers } from '../triggers/flow-event.ts';
import { startSteps } from './start-steps.ts';
import { stepsOf, Turn, type Round } from './turn.ts';

/** What is told to a locked flow run. */
export interface FlowTurn {
  run: LockedFlowRun;
  events: readonly FlowEvent[];
}

/**
 * Takes a locked flow run on by events: advances it, starts what it asks for, feeds the answers
 * of actions that end at once back in, and writes everything in the same transaction. A refused
 * event (late, doubled) changes nothing; the answer is false when all were.
 */
export async function enact(
  hub: Hub,
  tx: HubTransaction,
  run: LockedFlowRun,
  ...events: readonly FlowEvent[]
): Promise<boolean> {
  return (await enactAll(hub, tx, [{ run, events }])) > 0;
}

/**
 * Like {@link enact} for many flow runs, each once: what they start is started together, what they
 * became is written together. Answers how many changed.
 */
export async function enactAll(
  hub: Hub,
  tx: HubTransaction,
  told: readonly FlowTurn[],
): Promise<number> {
  const turns: Turn[] = [];
  for (const each of told) turns.push(await Turn.begin(hub, tx, each));
  for (let open = turns.filter(goesOn); open.length > 0; open = open.filter(goesOn)) {
    const rounds: { turn: Turn; round: Round }[] = [];
    for (const turn of open) rounds.push({ turn, round: await turn.advance() });
    const steps = rounds.flatMap(({ round }) => stepsOf(round));
    const starts = await startSteps(hub, tx, steps);
    for (const { turn, round } of rounds) await turn.endRound(round, starts);
  }
  const changed = turns.filter(({ hasChanged }) => hasChanged);
  if (changed.length > 0) save(tx, changed);
  for (const { run, hasEnded } of changed) {
    if (hasEnded && run.core.endedAt === null) await fireFlowTriggers(hub, tx, run);
  }
  return changed.length;
}

function goesOn(turn: Turn): boolean {
  return turn.goesOn;
}

function save(tx: HubTransaction, turns: readonly Turn[]): void {
  const changes = turns.map((turn) => turn.changes());
  const branches = saveBranches(
    tx,
    changes.map((change) => change.branches),
  );
  const progress = saveProgress(
    tx,
    changes.map((change) => change.progress),
  );
  tx.commitWith(Promise.all([branches, progress]));
  tx.notify([eventsTopic]);
}
