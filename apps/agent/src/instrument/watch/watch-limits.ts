/** How often watched folders are looked through, and how much is looked at together. */
export const watchLimits = {
  /** After something happened a folder is looked through once: notices can be lost in a flood. */
  lookAgainMs: 2_000,
  /** A look takes at most one part in so many of the time. */
  lookShare: 20,
  /** The same where nothing else tells of changes. */
  scanShare: 4,
  /** Folders that are only looked through: the least and the most time between two looks. */
  scanLeastMs: 2_000,
  scanMostMs: 15_000,
  /** A pause grows by this while nothing changes. */
  scanGrowth: 1.5,
  /** Folders of which the system tells are looked through as well, for what it did not tell. */
  safetyMs: 60_000,
  /**
   * So many notices within one pause, and the system's queue (16,384 on most machines) may have
   * run over: then all folders are looked through.
   */
  floodNotices: 8_000,
  /** A folder that cannot be watched is tried again after this long. */
  tryAgainMs: 5_000,
  /** Files looked at together. */
  filesAtOnce: 64,
  /** A folder that is told as one is looked at no sooner than this after a change in it. */
  unitPauseMs: 20,
  /**
   * On file systems of a network the clocks of two machines are compared; a write that is older
   * than this is old whatever they differ by.
   */
  surelyOldMs: 3_600_000,
} as const;
