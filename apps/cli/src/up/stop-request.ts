/** How the user, or a fault, asks `up` to end. */
export interface StopRequest {
  /** Aborts when everything is to end. */
  readonly signal: AbortSignal;
  /** Why, when it is a fault; undefined when the user asked. */
  readonly reason: unknown;
  /** Ends everything because of a fault; the first one counts. */
  fail(error: unknown): void;
  /** What to do when the user asks again. */
  onForce(force: () => void): void;
  /** Stops listening. */
  close(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for Ctrl-C and its relatives. */
export function listenForStop(): StopRequest {
  const abort = new AbortController();
  let reason: unknown;
  let force: () => void = () => undefined;
  const onSignal = () => {
    if (abort.signal.aborted) {
      force();
      process.exit(130);
    }
    abort.abort();
  };
  for (const each of signals) process.on(each, onSignal);
  return {
    signal: abort.signal,
    get reason() {
      return reason;
    },
    fail(error) {
      if (abort.signal.aborted) return;
      reason = error;
      abort.abort();
    },
    onForce(action) {
      force = action;
    },
    close() {
      for (const each of signals) process.off(each, onSignal);
    },
  };
}
