/** Messages under way at a time; what comes meanwhile gathers, as in an agent. */
const messagesUnderWay = 2;

/** Sends what comes at once, or together with what else has come when messages are under way. */
export class Gathering<T> {
  readonly #send: (items: T[]) => Promise<void>;
  #waiting: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #underWay = 0;

  constructor(send: (items: T[]) => Promise<void>) {
    this.#send = send;
  }

  /** Settles when the message with the item has been taken. */
  add(item: T): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ item, resolve, reject });
    setImmediate(() => this.#flush());
    return promise;
  }

  #flush(): void {
    if (this.#waiting.length === 0 || this.#underWay >= messagesUnderWay) return;
    const together = this.#waiting.splice(0);
    this.#underWay += 1;
    this.#send(together.map(({ item }) => item))
      .then(
        () => together.forEach(({ resolve }) => resolve()),
        (error: unknown) => together.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        this.#underWay -= 1;
        this.#flush();
      });
  }
}
