/** One attempt at a job. */
export interface Attempt {
  jobId: string;
  attempt: number;
}

/** One word for an attempt, for maps and sets. */
export function attemptKey({ jobId, attempt }: Attempt): string {
  return `${jobId} ${attempt}`;
}

/** Remembers attempts, the latest so many, so that what comes twice is done once. */
export class SeenAttempts {
  readonly #keys = new Set<string>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** True the first time. */
  note(attempt: Attempt): boolean {
    const key = attemptKey(attempt);
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    if (this.#keys.size > this.#capacity) {
      for (const oldest of this.#keys) {
        this.#keys.delete(oldest);
        break;
      }
    }
    return true;
  }
}
