/** What the store needs of a logger; pino's logger is one. The fields come first, as with pino. */
export interface StoreLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => undefined;

/** A log that keeps nothing, for tests and one-shot commands. */
export const silentLog: StoreLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };
