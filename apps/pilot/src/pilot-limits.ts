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
  /** Files that one output pattern may find. */
  filesPerOutput: 1_000,
  /** Folder entries looked at for one output pattern, so that no task holds its pilot up. */
  entriesPerOutput: 100_000,
  /** Arguments told with a task that started; a command may be longer than people read. */
  argumentsTold: 64,
  /** Characters told of one argument. */
  argumentCharactersTold: 1_024,
  /** Characters told of the last line that a failed program wrote. */
  lastWordsTold: 300,
  /** Time kept free at the end of the pilot's walltime for the last reports, in seconds. */
  farewellSeconds: 10,
  /** Pause before a report is sent again that the agent could not pass on, in milliseconds. */
  reportAgainMs: 1_000,
} as const;
