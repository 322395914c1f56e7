/** Named limits of flow definitions and flow runs. Sizes are UTF-8 bytes of the JSON text. */
export const flowLimits = {
  /** Input schemas that are kept compiled. */
  compiledSchemas: 200,
  /** Values of an input schema, without those that an input may have: half a second to compile. */
  schemaValues: 3000,
  /** Patterns of an input schema, some 10 ms each to compile, and their characters together. */
  schemaPatterns: 100,
  schemaPatternCharacters: 10_000,
  /** Steps of one check against an input schema: about a second at most. */
  schemaSteps: 5_000_000,
  /** Inputs up to so large are told all their faults; larger ones the first. */
  allFaultsBytes: 16 * 1024,
  /** Size of a definition; real ones have 1 to 30 kB. */
  definitionBytes: 1024 * 1024,
  /** Nesting of a definition: rules in rules, objects in parameters. */
  definitionDepth: 64,
  definitionStates: 500,
  /** Size of a run's state document. The hosted service of Globus allows 200 kB. */
  stateBytes: 4 * 1024 * 1024,
  /** Nesting of the state document. */
  stateDepth: 200,
  /** State visits of one run: a Map of 10,000 items with 20 states each fits. */
  stateVisits: 200_000,
  /** State visits of one branch in a row, that is, without an Action or a Wait between. */
  stateVisitsInARow: 10_000,
  /**
   * State visits of all branches in one turn, some 0.1 ms each: a Parallel or Map state begins no
   * more branches then and goes on in the next turn, so that the hub answers others in between.
   */
  stateVisitsPerTurn: 2_000,
  /** Branches of one Parallel state. */
  parallelBranches: 100,
  /** Items of one Map state. */
  mapItems: 10_000,
  /** Items of a Map that are under way together when it names no MaxConcurrency. */
  defaultMapConcurrency: 100,
  /** Branches of one run under way together, over all its Parallel and Map states. */
  openBranches: 1000,
  /** State documents of all branches of one run, under way and ended, together. */
  branchesBytes: 16 * 1024 * 1024,
  /** Longest WaitTime and Wait: a leap year, in seconds. */
  waitSeconds: 366 * 86_400,
  /** One value in the log; larger ones are replaced by a note of their size. */
  loggedValueBytes: 256 * 1024,
  /** All values logged by one call of `advanceFlow`. */
  loggedBytesPerAdvance: 16 * 1024 * 1024,
  /** WaitTime of an Action that names none, in seconds; the language's default. */
  defaultWaitTimeSeconds: 300,
  /** Length of a sentence taken over from an action or a person. */
  causeCharacters: 2000,
  /** Characters of one expression. */
  expressionCharacters: 10_000,
  /** Nesting of one expression. */
  expressionDepth: 50,
  /** Operators, members and indices of one expression that hang together in a chain. */
  expressionLinks: 1000,
  /** Elementary steps of one evaluation: a list of 10,000 objects takes about 200,000. */
  expressionSteps: 2_000_000,
  /** Elements of a list or characters of a string that an expression may make. */
  expressionElements: 1_000_000,
  /** People named for one part in a flow or a flow run. */
  grantees: 100,
  /** Jobs of one step; a Map has more. What became of each is in the step's one document. */
  tasksPerStep: 1_000,
  /** Steps in the document of a flow run; with more, only those of the flow itself, the newest. */
  documentSteps: 200,
  /** Input and result of a step in a list of steps; larger ones are with the step itself. */
  listedValueBytes: 16 * 1024,
  /** Output of a flow run in its document; a larger one is to be asked for. */
  documentOutputBytes: 256 * 1024,
  /** Details in one page of a log; one line may be longer alone. */
  logPageBytes: 4 * 1024 * 1024,
  /** Flow runs that one request starts, cancels or does again. */
  flowRunsPerBulk: 10_000,
  /** Flow runs of a bulk start that are started in one transaction. */
  flowRunsPerChunk: 50,
  /** Bytes of all inputs of a bulk start. */
  bulkBytes: 64 * 1024 * 1024,
} as const;
