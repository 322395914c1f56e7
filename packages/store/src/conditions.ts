/** The conditions of a list that is asked for by filters: each with its value, all of them hold. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #texts: string[] = [];

  /** Adds a condition in which every `?` stands for the value; nothing when there is none. */
  add(condition: string, value: unknown): void {
    if (value === undefined || value === null || value === '') return;
    this.#texts.push(condition.replaceAll('?', this.parameter(value)));
  }

  /** Adds a condition without a value. */
  always(condition: string): void {
    this.#texts.push(condition);
  }

  /** Adds a value, and gives the text that stands for it: `$3`. */
  parameter(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** `where …`, or nothing when there are no conditions. */
  get where(): string {
    return this.#texts.length > 0 ? `where ${this.#texts.join(' and ')}` : '';
  }
}
