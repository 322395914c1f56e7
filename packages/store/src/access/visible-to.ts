/** What someone may see: things of these projects, and what was granted to these names. */
export interface VisibleTo {
  /** Null for all. */
  projects: readonly string[] | null;
  /** See `granteesOf`. */
  grantees: readonly string[];
}
