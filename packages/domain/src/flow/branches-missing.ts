/** Branches of a run that a turn needs besides those that it was given. */
export type BranchNeed =
  /** All that are open inside the Parallel or Map state of a step; of the whole run when null. */
  | { inside: number | null }
  /** What the ended branches of a step's Parallel or Map state left. */
  | { resultsOf: number };

/**
 * An event concerns more of a run's branches than were at hand. Nothing was changed: read them and
 * take the event again. Never thrown when all of a run is at hand.
 */
export class BranchesMissing extends Error {
  override readonly name = 'BranchesMissing';
  readonly need: BranchNeed;

  constructor(need: BranchNeed) {
    super(`more of the flow run's branches are needed: ${JSON.stringify(need)}`);
    this.need = need;
  }
}
