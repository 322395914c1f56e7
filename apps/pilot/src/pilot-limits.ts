/** Every bound of a pilot, with the reason beside it. */
export const pilotLimits = {
  /** Attempts remembered so that one that comes twice runs once: some 10 MB at most. */
  seenAttempts: 100_000,
  /** Waiting tasks looked at for one that may pass a large one at the head of the queue. */
  passingTasks: 200,
  /** Reports in one message; a message must stay well below the session's 2 MiB. */
  reportsPerMessage: 500,
  /** JSON of the reports in one message, in characters. */
  reportCharactersPerMessage: 1024 * 1024,
  /** A start is told after this long, in milliseconds; with an end before that it is one report. */
  startHeldMs: 20,
  /** A spawner holds the word of a start so long for others to go with it, in milliseconds. */
  beganHeldMs: 5,
  /** Messages with reports follow each other at this distance at least, in milliseconds. */
  reportPauseMs: 4,
  /** Files that one output pattern may find. */
  filesPerOutput: 1_000,
  /** Folder entries looked at for one output pattern, so that no task holds its pilot up. */
  entriesPerOutput: 100_000,
  /** Bytes of a file that are read at once for its digest. */
  digestChunkBytes: 256 * 1024,
  /** Arguments told with a task that started; a command may be longer than people read. */
  argumentsTold: 64,
  /** Characters told of one argument. */
  argumentCharactersTold: 1_024,
  /** Characters told of the last line that a failed program wrote. */
  lastWordsTold: 300,
  /** Time kept free at the end of the pilot's walltime for the last reports, in seconds. */
  farewellSeconds: 10,
  /** The last word of a pilot waits so long to be heard, in seconds. */
  goodbyeSeconds: 1,
  /** Pause before a report is sent again that the agent could not pass on, in milliseconds. */
  reportAgainMs: 1_000,
  /** Processes that start tasks, on one node: each holds some 50 MB. */
  spawnersPerNode: 8,
  /** From the batch system's warning to the kill of what still runs, in seconds: many kill soon. */
  graceSeconds: 2,
  /**
   * A task that a signal has ended is not reported before this, in milliseconds: it may come from
   * the batch system, whose warning to the pilot is under way.
   */
  warningLagMs: 250,
  /** Time for a spawner on another node to call back, in seconds. */
  spawnerStartSeconds: 60,
  /** Spawners of one node that end in a row before they were of use; then the node is given up. */
  spawnerFaults: 5,
  /** Pause before a spawner is started again, in milliseconds; doubles with each fault. */
  spawnerAgainMs: 100,
  /** A spawner is given so long to say what the ranks of a task used, in milliseconds. */
  accountMs: 1_000,
  /** What running tasks use is looked at so often, in milliseconds. */
  usageSampleMs: 1_000,
} as const;
