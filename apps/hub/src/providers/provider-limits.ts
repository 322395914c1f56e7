/** How the hub speaks with action providers elsewhere. */
export const providerLimits = {
  /** Bytes of an action's input, as JSON. */
  bodyBytes: 1024 * 1024,
  /** Bytes of an answer; a state document holds 4 MB. */
  answerBytes: 2 * 1024 * 1024,
  /** Bytes of a status document that is kept while its action is under way. */
  statusKeptBytes: 128 * 1024,
  /** Seconds that a provider has for one answer. */
  answerSeconds: 10,
  /** Seconds for its description, without which it goes as well. */
  introspectionSeconds: 3,
  /** A description is kept so long, in seconds; that there is none, a shorter time. */
  introspectionKeptSeconds: 300,
  noIntrospectionKeptSeconds: 30,
  /** Descriptions kept. */
  introspections: 200,
  /** The first question for the status comes so soon, then doubled, up to the longest. */
  firstPollSeconds: 0.05,
  longestPollSeconds: 2,
  /** The same where the provider says by itself when there is news. */
  calledBackPollSeconds: 10,
  /** The same while a person is needed at the provider. */
  stalledPollSeconds: 30,
  /** A wait that a provider asks for (Retry-After) is kept up to this, in seconds. */
  retryAfterSeconds: 60,
  /** Answers in a row that make no sense before the action counts as failed. */
  wrongAnswers: 5,
  /** Characters that are told of what a provider says. */
  wordsCharacters: 300,
  /** How far apart the clocks of two hubs may be for a callback, in seconds. */
  callbackClockSeconds: 300,
  /** Bytes of a callback. */
  callbackBytes: 4096,
  /** A provider is asked to forget an action by itself after this time. */
  releaseAfter: 'P1D',
} as const;
