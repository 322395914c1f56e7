/** Limits of triggers, with the reason beside each. */
export const triggerLimits = {
  /** Characters of one expression of a trigger. */
  expressionLength: 2_000,
  /** Characters of a key that tells one event from another. */
  keyLength: 300,
  /** Characters of a reason. */
  reasonLength: 1_000,
  /** Conditions on metadata, values in a choice, keywords, states of a flow run. */
  conditions: 50,
  /** Starts within a rate limit's period; so many rows are looked at for each event. */
  ratePerPeriod: 1_000,
  /** The longest period of a rate limit, in seconds. */
  ratePeriodSeconds: 7 * 86_400,
  /** Events of one trigger that wait for room under its rate limit; more are dropped, counted. */
  queuedEvents: 10_000,
  /** Waiting events started in one transaction. */
  queuedPerRound: 50,
  /** Failures in a row after which a trigger is paused. */
  failuresInARow: 10,
  /** Flow runs that start each other, one after the other; `chainStep` counts several. */
  chainDepth: 16,
  /** A scheduled instant that is noticed later than this was missed, in seconds. */
  scheduleGraceSeconds: 60,
  /** Missed instants that `catchUp: all` starts, the newest ones. */
  catchUpInstants: 100,
  /** Schedules are held against the clock again so often, in seconds: it may have jumped. */
  scheduleCheckSeconds: 30,
  /** Triggers fired in one round of schedules. */
  schedulesPerRound: 100,
  /** Bytes of the body of a webhook. */
  webhookBytes: 256 * 1024,
  /** How far a webhook's timestamp may be from the hub's clock, in seconds. */
  webhookWindowSeconds: 300,
  /** A secret that was rotated is still good for at most so long, in seconds. */
  secretGraceSeconds: 7 * 86_400,
  /** What fired is remembered so long, in seconds: an event told again later fires again. */
  firedKeptSeconds: 400 * 86_400,
  /** What did not fire, and the bodies of webhooks, are remembered so long, in seconds. */
  notFiredKeptSeconds: 30 * 86_400,
  /** What did not fire is kept for so many events of a trigger, the newest ones. */
  notFiredKept: 20_000,
  /** Files of a run that a trigger is told by name; their number is told besides. */
  runFilesTold: 1_000,
  /** Files of runs that a dry run reads. */
  runFilesRead: 100_000,
  /** Firings told with a trigger. */
  firingsTold: 10,
  /** Events that a dry run looks at, and those that it tells one by one. */
  dryRunEvents: 10_000,
  dryRunTold: 500,
  /** Instants of a schedule that a dry run computes: some 0.1 ms each. */
  dryRunInstants: 2_000,
  /** The longest time that a dry run looks at, in seconds. */
  dryRunSeconds: 31 * 86_400,
  /** Events among which the last one that a trigger listens to is looked for, the newest ones. */
  lastEvents: 200,
  /** The same of ends of flow runs, of which each may have megabytes. */
  lastFlowRuns: 20,
  /** Counts of what a trigger did are told over so long, in seconds. */
  countedSeconds: 86_400,
} as const;
