import { openJobStates, type JobState } from '@interpulse/domain/job/job-state.ts';

/**
 * Stages of a job's life as the indexes know them, in the column `stage`, which follows from state
 * and pilot. The start of an attempt does not change it, so that it costs no index anything; and
 * what asks for one stage can only be answered from the index of that stage.
 */
export const jobStages = {
  waiting: 0,
  queued: 1,
  /** Placed, its inputs perhaps on their way. */
  placed: 2,
  /** Ready, and no pilot has it. */
  ready: 3,
  /** A pilot has it: it runs, or is next. */
  held: 4,
  stagingOut: 5,
  completed: 6,
  failed: 7,
  canceled: 8,
} as const;

/**
 * SQL that is true for jobs that are placed (at this site, where one is given) and have not ended.
 * It has a column of its own: the index of the stage `ready` must be the only one that answers what
 * is ready at a site, since it answers in the order in which jobs are leased.
 */
export function placedSql(alias: string, site?: string): string {
  const column = `${alias}.placed_site_id`;
  return site === undefined ? `${column} is not null` : `${column} = ${site}`;
}

/** SQL that is true for jobs that a pilot has. */
export function heldSql(alias: string): string {
  return `${alias}.stage = ${jobStages.held}`;
}

/** SQL of the states of jobs that have not ended: what the index of an ensemble's jobs knows. */
export const openStatesSql = `(${openJobStates.map((state) => `'${state}'`).join(', ')})`;

/** The stages in which jobs of a state can be. */
export function stagesOf(state: JobState): number[] {
  switch (state) {
    case 'placed':
    case 'stagingIn':
      return [jobStages.placed];
    case 'ready':
      return [jobStages.ready, jobStages.held];
    case 'active':
      return [jobStages.held];
    default:
      return [jobStages[state]];
  }
}
