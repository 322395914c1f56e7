import { constants } from 'node:os';
import type { BatchJob } from './batch-system.ts';

/** A batch job as a batch system's own commands tell of it. */
export interface SeenJob extends Omit<BatchJob, 'pilotId'> {
  name: string;
  /** It waits for what will never come, in the batch system's words (`reason`). */
  isHopeless: boolean;
}

/** The name of a signal, such as `SIGKILL` for 9. */
export function signalName(number: number): string {
  const names = Object.entries(constants.signals);
  return names.find(([, value]) => value === number)?.[0] ?? `signal ${number}`;
}
