/** Limits of questions to people. */
export const webInputLimits = {
  /** Bytes of a question as JSON: it is shown on a phone. */
  questionBytes: 256 * 1024,
  /** Options of a question, or rows of a table to choose from. */
  options: 1000,
  /** Rows of facts above the options. */
  rows: 500,
  columns: 50,
  titleCharacters: 500,
  textCharacters: 20_000,
  labelCharacters: 500,
  descriptionCharacters: 2000,
  /** Who may answer: users and projects that one question names. */
  respondents: 100,
  /** Bytes of an answer as JSON. */
  responseBytes: 64 * 1024,
  commentCharacters: 2000,
  /** A question that does not say when it expires does so after a week, in seconds. */
  expiresAfterSeconds: 7 * 86_400,
  /** Questions that one flow run has open at a time: as many as it has branches. */
  openPerFlowRun: 1000,
  /** Questions that expire in one round; the others do in the next, which follows at once. */
  expiredPerRound: 200,
} as const;
