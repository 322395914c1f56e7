/** How one test, one check or one file that could not run ended. */
export interface Result {
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Path of the test file from the root, or the name of the check. */
  readonly source: string;
  /** Name of the test with the suites around it; empty for a check. */
  readonly name: string;
  /** What went wrong, or why it was skipped; empty when passed. */
  readonly reason: string;
  readonly durationMilliseconds: number;
}
