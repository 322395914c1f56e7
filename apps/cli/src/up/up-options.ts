/** What `up` is told. */
export interface UpOptions {
  /** Where everything is kept. */
  folder: string;
  /** Of the portal; 0 takes any. */
  port: number;
  /** Between simulated shots. */
  periodSeconds: number;
  /** Files and folders to analyse instead of simulated shots. */
  data: string[];
  /** Which analysis; chosen by looking at the data when undefined. */
  app: 'xpcs' | 'tomo' | undefined;
  /** With data: of the app, by name. */
  parameters: Record<string, unknown>;
  /** With data: end after the answer. */
  endsAfterAnswer: boolean;
  opensBrowser: boolean;
}
