/** Timers by name, none of which keeps the process alive; all end together. */
export class Timers {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  isClosed = false;

  /** Does something later, unless it is planned already. */
  later(name: string, delayMs: number, action: () => void): void {
    if (!this.#timers.has(name)) this.again(name, delayMs, action);
  }

  /** Does something later, and not when it was planned before. */
  again(name: string, delayMs: number, action: () => void): void {
    if (this.isClosed) return;
    clearTimeout(this.#timers.get(name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      action();
    }, delayMs);
    this.#timers.set(name, timer.unref());
  }

  /** Does something now that was planned for later. */
  now(name: string, action: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
    if (!this.isClosed) action();
  }

  /** Forgets all plans, and takes no more. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
