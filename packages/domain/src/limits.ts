/** Every queue, body, batch and wait has its limit here, with the reason beside it. */
export const limits = {
  /** Jobs in one submission: 10,000 rows insert in under half a second. */
  jobsPerSubmit: 10_000,
  /** Rows in one page of a list. */
  pageRows: 500,
  /** Rows in one page when nothing is asked for. */
  pageRowsDefault: 50,
  /** Bytes of a JSON request body. */
  bodyBytes: 16 * 1024 * 1024,
  /** Bytes of a preview kept by the hub. */
  previewBytes: 512 * 1024,
  /** Bytes of one piece of a file on an agent's session: others get their turn in between. */
  sessionChunkBytes: 1024 * 1024,
  /** Bytes of a file that may travel over an agent's session for a look in the browser. */
  sessionFileBytes: 16 * 1024 * 1024,
  /** Bytes of a job's stdout or stderr shown by a tail. */
  logTailBytes: 256 * 1024,
  /** The answer to who follows a log is held so long, in seconds, for new bytes. */
  logWaitSeconds: 15,
  /**
   * An agent holds its answer about a log for so long at a time, in seconds: what it has not
   * answered holds up the acknowledgements of all that came after.
   */
  logHoldSeconds: 2,
  /** A question for the end of jobs is held so long, in seconds. */
  jobWaitSeconds: 30,
  /** Jobs that one request cancels or runs again; for more it is sent again. */
  jobsPerSelection: 500_000,
  /** Jobs in one question for their end. */
  jobsPerWait: 1_000,
  /** Shots in one answer of where the time of an instrument went. */
  shotsOfTiming: 200,
  /** Jobs of an ensemble in one answer for its grid. */
  jobsPerGrid: 20_000,
  /** Bytes of stderr kept with a failed attempt. */
  errorTailBytes: 4 * 1024,
  /** Bytes of one job as JSON: it travels to its pilot in one message of the session. */
  jobBytes: 256 * 1024,
  /** Bytes of a transfer's items as JSON: they travel to both ends in one message. */
  transferBytes: 1024 * 1024,
  /** Outputs of a job that travel back in one transfer. */
  outputsPerTransfer: 1_000,
  /** Faults of a request that are told; there may be one for each of its jobs. */
  faultsTold: 100,
  /** Bytes of the leases in one message, as JSON; a session carries messages of up to 2 MiB. */
  leaseMessageBytes: 1024 * 1024,
  /** Jobs leased to a pilot beyond what it can run at once, so that it never waits for the hub. */
  prefetchJobsPerCore: 2,
  /** The same for jobs that end soon: as many as keep a core busy so long, in seconds. */
  prefetchSeconds: 1,
  /** Jobs leased beyond, for each core, however short they are. */
  prefetchMostJobsPerCore: 200,
  /** Work that a pilot has had so long without beginning it may go to another one, in seconds. */
  askBackAfterSeconds: 0.5,
  /** It is looked for so often, in seconds. */
  askBackEverySeconds: 1,
  /** A pilot that did not answer is asked for the same again after this long, in seconds. */
  askBackAgainSeconds: 10,
  /** Jobs that go to other sites in one round: a transaction of some 100 ms. */
  jobsPerMove: 500,
  /** Jobs of one site and urgency that are looked at in a round, from the end of its line. */
  jobsLookedAtPerMove: 300,
  /** Sites whose lines are looked at in a round; the others have their turn in the next ones. */
  sitesPerMove: 4,
  /** A job that was placed stays so long, in seconds; four times longer after each move. */
  moveAfterSeconds: 2,
  /** A job moves when it ends this much sooner elsewhere, in seconds, and by `moveLeastShare`. */
  moveLeastGainSeconds: 5,
  moveLeastShare: 0.3,
  /** A site is moved as much work as keeps its cores busy so long, in seconds. */
  moveAheadSeconds: 4,
  /** Where a round moved nothing, the next one comes later, up to this, in seconds. */
  moveRestSeconds: 4,
  /** Jobs a pilot may be given in one message. */
  jobsPerLease: 500,
  /** Attempts named in one message to an agent that shall end them: some 100 bytes each. */
  jobsPerCancelMessage: 2_000,
  /** Jobs of a submission that are placed in its own transaction, and not in the next round. */
  jobsPlacedAtOnce: 100,
  /** Queued jobs considered in one round of placing. */
  jobsPerPlacement: 1_000,
  /** Output files up to this size are read again for their SHA-256, in bytes. */
  digestBytes: 1024 ** 3,
  /** Attempts of a job before it fails for good when pilots or sites are lost. */
  attemptsPerJob: 5,
  /** Attempts of a job that are shown, the last ones; it may be given back without limit. */
  attemptsShown: 200,
  /** A wait before another attempt grows up to this, in seconds. */
  retryDelaySeconds: 7 * 86_400,
  /** Attempts of a transfer before it fails. */
  attemptsPerTransfer: 8,
  /** Pilots in a row that end before they run; then the site rests. */
  siteFaults: 3,
  /** A site whose pilots do not start is left alone this long, in seconds. */
  siteRestSeconds: 60,
  /** An agent says it is alive this often, in seconds. */
  heartbeatSeconds: 5,
  /**
   * After this silence a site is called silent and its work is placed elsewhere, in seconds. An
   * agent that is cut off comes back within 5 s of the end of its trouble.
   */
  silentAfterSeconds: 12,
  /** The clock was set when it differs by so much from the time that went by, in seconds. */
  clockStepSeconds: 2,
  /** A hub that was down gives agents so long to come back, in seconds. */
  comeBackSeconds: 20,
  /** A pilot without a session to its agent gives up after this long, in seconds. */
  pilotOrphanSeconds: 30,
  /** A job gets no pilot's whole walltime: so much goes by before it can start, in seconds. */
  pilotMarginSeconds: 10,
  /** A pilot is replaced when so little of its walltime is left, in seconds, or a tenth of it. */
  pilotReplaceSeconds: 300,
  /** A pilot that maintenance leaves less time than this is not submitted, in seconds. */
  pilotLeastSeconds: 300,
  /** TERM to KILL when a job is canceled or out of time, in seconds. */
  killGraceSeconds: 5,
  /** A one-time code (browser login, agent enrolment) lives this long, in seconds. */
  oneTimeCodeSeconds: 600,
  /** A browser session lives this long without use, in seconds. */
  browserSessionSeconds: 30 * 24 * 3600,
  /** A job's own token is worth nothing after this long, whatever becomes of it, in seconds. */
  jobTokenSeconds: 31 * 24 * 3600,
  /** An Idempotency-Key is remembered this long, in seconds. */
  idempotencySeconds: 24 * 3600,
  /** The hub waits this long for an agent's answer to a question (list, preview), in seconds. */
  agentAnswerSeconds: 20,
  /** Entries of a folder in one answer of an agent; a session message holds 2 MiB. */
  folderEntries: 5_000,
  /** Locations in one question to delete; their text travels in one message. */
  pathsPerDelete: 100,
  /** Locations in one delete action. */
  pathsPerDeleteAction: 10_000,
  /** An agent deletes so long for one answer, in seconds: the hub does not wait for ever. */
  deleteSeconds: 5,
  /** Bytes of the JSON file that a job gives as its value. */
  jobValueBytes: 64 * 1024,
  /** Characters of a message's subject and text. */
  messageSubject: 200,
  messageText: 16_000,
  /** Bytes of a webhook's JSON body. */
  webhookBytes: 256 * 1024,
  /** People to whom one mail goes. */
  mailRecipients: 50,
  /** Who takes a message must answer within this time, in seconds. */
  messageSeconds: 15,
  /** Items in one transfer request. */
  transferItems: 10_000,
  /** Files in one dataset's manifest. */
  datasetFiles: 100_000,
  /** Usage of sites is noted so often, in seconds, and kept so long. */
  siteSampleSeconds: 30,
  siteSamplesKeptSeconds: 14 * 86_400,
  /** A command of a batch system that takes longer is ended, in seconds. */
  batchCommandSeconds: 30,
  /** Bytes that a command of a batch system may print: 20,000 jobs as Slurm's JSON. */
  batchOutputBytes: 64 * 1024 * 1024,
  /** Batch jobs named in one command of a batch system: its command line is limited. */
  batchJobsPerCommand: 500,
  /** Length of a reason by which jobs are found and grouped: it stands in addresses. */
  reasonLength: 1000,
  /** Length of labels, titles, names. */
  nameLength: 200,
} as const;
