import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { localTime } from '../output/quantities.ts';

const instant = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** What a flow run does, waits for, or ended with; of one under way with times for people. */
export function whatItDoes(
  { reason, stateName, endedAt }: Pick<Schemas['FlowRun'], 'reason' | 'stateName' | 'endedAt'>,
  nowAt: string,
): string | null {
  // A reason that it ended with may quote a program, whose words stay as they are.
  if (reason === null || endedAt !== null) return reason ?? stateName;
  return reason.replace(instant, (at) => localTime(at, nowAt));
}
