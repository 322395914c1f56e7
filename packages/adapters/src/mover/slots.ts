/** A number of places, taken in the order of asking. */
export class Slots {
  #free: number;
  readonly #waiting: { weight: number; go: () => void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves when `weight` places are held by the caller. */
  take(weight: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#free >= weight) {
      this.#free -= weight;
      return Promise.resolve();
    }
    return new Promise((go) => this.#waiting.push({ weight, go }));
  }

  /** Gives `weight` places back. */
  give(weight: number): void {
    this.#free += weight;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#free < first.weight) return;
      this.#free -= first.weight;
      this.#waiting.shift();
      first.go();
    }
  }
}
