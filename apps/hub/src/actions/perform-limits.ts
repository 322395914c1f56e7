/** How the hub carries out deferred actions; counts and seconds. */
export const performLimits = {
  /** Actions that one hub carries out at the same time; they wait for others, and cost little. */
  atOnce: 200,
  /** Actions taken up in one statement. */
  perClaim: 50,
  /** One call of an action may take so long. */
  callSeconds: 20,
  /** Another hub takes an action up when its hub was not heard of for so long. */
  leaseSeconds: 25,
  /** While other hubs carry out actions, a hub looks this often whether they live. */
  lookForDeadSeconds: 1,
  /** The pause after a call that met nobody; doubled each time up to the longest. */
  firstPauseSeconds: 0.2,
  longestPauseSeconds: 10,
  /** Calls to cancel or release what was given up, before it is left alone. */
  farewells: 8,
  /** What an action remembers between calls, in bytes of JSON. */
  memoryBytes: 256 * 1024,
  /** Characters of what people read about an action under way. */
  noteCharacters: 500,
  /** Ended actions are remembered so long, without what was asked. */
  keptSeconds: 7 * 86_400,
} as const;
