/** Where the hub is and who asks. */
export interface Connection {
  /** Without a slash at its end. */
  url: string;
  token: string | undefined;
  /** Where this was found, for people. */
  source: string;
}
