import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query';
import { batchRefreshes } from './batch-refreshes.ts';

/** A list of two pages, each answered when the test says so. */
class PagedList {
  readonly queryClient = new QueryClient();
  readonly asked: { page: number; answer: () => void }[] = [];
  readonly observer = new InfiniteQueryObserver(this.queryClient, {
    queryKey: ['flowRuns', {}],
    initialPageParam: 0,
    queryFn: ({ pageParam: page }) => this.#ask(page),
    getNextPageParam: (last: number) => (last === 0 ? 1 : undefined),
  });
  #wake = (): void => undefined;

  /** Waits until so many pages were asked for, and answers the last of them. */
  async answer(count: number): Promise<number> {
    while (this.asked.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const last = this.asked[count - 1];
    last?.answer();
    return last?.page ?? Number.NaN;
  }

  #ask(page: number): Promise<number> {
    return new Promise((resolve) => {
      this.asked.push({ page, answer: () => resolve(page) });
      this.#wake();
    });
  }
}

test('an event does not break off the page that is waited for, and is not forgotten', async () => {
  const list = new PagedList();
  const { queryClient, observer } = list;
  const leave = observer.subscribe(() => undefined);
  const refreshes = batchRefreshes(queryClient);
  await list.answer(1);
  while (!observer.getCurrentResult().isSuccess) await setImmediate();
  const older = observer.fetchNextPage();
  refreshes.touch([['flowRuns']]);
  // Longer than an event waits for others: it has found the list being asked for.
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await list.answer(2), 1, 'the second page is still asked for');
  assert.deepEqual((await older).data?.pages, [0, 1]);
  assert.deepEqual([await list.answer(3), await list.answer(4)], [0, 1], 'then both anew');
  leave();
  queryClient.clear();
});
