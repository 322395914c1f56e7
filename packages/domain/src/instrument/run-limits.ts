/** Limits of what is kept beside a run of an instrument. */
export const runLimits = {
  /** Parameters of a run: more than any control system shows on one page. */
  parameters: 1_000,
  /** Results of a run, counted by their keys. */
  results: 1_000,
  /** Bytes of one value as JSON: figures and words, no curves; those are files. */
  valueBytes: 4 * 1024,
  /** Names of parameters, keys of results. */
  nameLength: 200,
  /** An instant that is said to lie further ahead is refused, in seconds: a clock is wrong. */
  aheadSeconds: 3600,
} as const;
