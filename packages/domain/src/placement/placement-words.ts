/**
 * The words by which what placing wrote down is recognised when it is explained. A reason is text
 * for people, kept with the job: who changes one of these changes it for both.
 */
export const placementWords = {
  /** Beginnings of reasons that say why a site was chosen; all others say what happened. */
  chosen: {
    moved: 'moved from',
    earliest: 'earliest finish',
    spare: 'with time to spare',
    late: 'no site can answer before the deadline',
    backlog: 'shortest backlog',
    turn: 'round robin',
  },
  /** Refusals that no staff of the site can lift. */
  forGood: { noCompute: 'has no compute role', notAsked: 'not among the sites asked for' },
  /** In reasons of jobs that ask for more than any site has. */
  nearest: 'comes nearest',
} as const;
