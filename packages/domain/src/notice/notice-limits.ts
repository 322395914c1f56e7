/** Limits of notices, with the reason beside each. */
export const noticeLimits = {
  /** Rules of one flow or trigger, and places of one rule. */
  rules: 20,
  places: 20,
  /** Characters of a place: the address of a webhook is the longest. */
  placeLength: 2_000,
  /** Messages to one place within the period; what comes beyond is told together in the next. */
  messages: 5,
  messagesPerSeconds: 600,
  /** Notices written out in one message; of those beyond it tells how many there are. */
  perMessage: 30,
  /** Characters of a reason or a title in a message. */
  reasonLength: 500,
  /** Events looked at in one transaction. */
  eventsPerRound: 500,
  /** Flow runs that are late told in one round, and how long a deadline is looked back at. */
  lateRunsPerRound: 500,
  lookBackSeconds: 120,
  /** Messages that one hub sends at the same time. */
  sentAtOnce: 20,
  /** Another hub sends a message when its hub was not heard of for so long, in seconds. */
  leaseSeconds: 40,
  /** The pause after a place took nothing; doubled each time up to the longest. */
  firstPauseSeconds: 5,
  longestPauseSeconds: 600,
  /** A place that takes nothing is left alone after so long; its notices are given up. */
  triedSeconds: 86_400,
  /** What was told is remembered so long, so that nothing is told twice. */
  keptSeconds: 30 * 86_400,
} as const;
