import type { MovePlan, MoveSummary, MoveWatch } from '../mover.ts';
import type { ChannelLink } from './channel-link.ts';
import { receiveFiles } from './receive-files.ts';
import { sendFiles } from './send-files.ts';
import type { ChannelRole } from './ticket.ts';

/** One end's part in a transfer. */
export interface ChannelTask {
  role: ChannelRole;
  /** The root folder of this end's collection. */
  root: string;
  /** The same at both ends: the receiver refuses names that the plan does not ask for. */
  plan: MovePlan;
}

/** Carries a task out over an open link. */
export function runChannelTask(
  link: ChannelLink,
  task: ChannelTask,
  watch: MoveWatch,
): Promise<MoveSummary> {
  const run = task.role === 'send' ? sendFiles : receiveFiles;
  return run(link, task.root, task.plan, watch);
}
