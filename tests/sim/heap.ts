/** A heap: the least item first. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #keyOf: (item: T) => number;

  constructor(keyOf: (item: T) => number) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    const items = this.#items;
    const key = this.#keyOf(item);
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent];
      if (above === undefined || this.#keyOf(above) <= key) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const [least] = items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return least;
    const key = this.#keyOf(last);
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = items[child];
      if (left === undefined) break;
      const right = items[child + 1];
      const isRight = right !== undefined && this.#keyOf(right) < this.#keyOf(left);
      const under = isRight ? right : left;
      if (isRight) child += 1;
      if (this.#keyOf(under) >= key) break;
      items[index] = under;
      index = child;
    }
    items[index] = last;
    return least;
  }
}
