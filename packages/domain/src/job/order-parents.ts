import type { Fault } from '../error.ts';

/** What a job of a request waits for. */
export interface OrderedParents {
  /** Ids of jobs that exist already, each once. */
  ids: string[];
  /** Places of jobs in the same request, each once. */
  places: number[];
}

/** The dependencies of a bulk request. */
export interface ParentOrder {
  /** For each job of the request; the same order as the request. */
  parents: OrderedParents[];
  /** Places of all jobs, parents before their children; those of a cycle are left out. */
  order: number[];
  /** What is wrong, with the path to it in the request's body; empty when all is well. */
  faults: Fault[];
}

/**
 * Resolves the parents of jobs that are submitted together, given as ids or as places (from 0) in
 * the same request. Unknown places, jobs that wait for themselves, and cycles are faults.
 */
export function orderParents(parents: readonly (readonly (string | number)[])[]): ParentOrder {
  const faults: Fault[] = [];
  const resolved = parents.map((own, place) => {
    const ids = new Set<string>();
    const places = new Set<number>();
    for (const [position, parent] of own.entries()) {
      if (typeof parent === 'string') {
        ids.add(parent);
        continue;
      }
      const msg = whyNot(parent, place, parents.length);
      if (msg === null) places.add(parent);
      else faults.push({ loc: ['jobs', place, 'parents', position], msg, type: 'parent' });
    }
    return { ids: [...ids], places: [...places] };
  });
  const order = sortByParents(resolved);
  const left = new Set(resolved.keys());
  for (const place of order) left.delete(place);
  for (const cycle of findCycles(resolved, left)) {
    const [first = 0, second = first] = cycle;
    const position = parents[first]?.indexOf(second) ?? 0;
    const path = [second, ...cycle.slice(2), first].join(', which waits for job ');
    const msg = `a cycle: job ${first} waits for job ${path}; leave one out`;
    faults.push({ loc: ['jobs', first, 'parents', position], msg, type: 'cycle' });
  }
  return { parents: resolved, order, faults };
}

function whyNot(parent: number, place: number, jobs: number): string | null {
  if (parent === place) return `job ${place} waits for itself`;
  if (Number.isInteger(parent) && parent >= 0 && parent < jobs) return null;
  return `there is no job ${parent} in this request of ${jobs} (the first is 0)`;
}

/** Kahn's order: a job comes when the last of its parents has. */
function sortByParents(jobs: readonly OrderedParents[]): number[] {
  const children = jobs.map((): number[] => []);
  const open = jobs.map(({ places }) => places.length);
  for (const [place, { places }] of jobs.entries()) {
    for (const parent of places) children[parent]?.push(place);
  }
  const order = [...jobs.keys()].filter((place) => open[place] === 0);
  for (const place of order) {
    for (const child of children[place] ?? []) {
      const left = (open[child] ?? 0) - 1;
      open[child] = left;
      if (left === 0) order.push(child);
    }
  }
  return order;
}

/** Every job of `left` waits for another of them: following parents always leads into a cycle. */
function findCycles(jobs: readonly OrderedParents[], left: ReadonlySet<number>): number[][] {
  const walkOf = new Map<number, number>();
  const cycles: number[][] = [];
  for (const start of left) {
    const path: number[] = [];
    let place: number | undefined = start;
    while (place !== undefined && !walkOf.has(place)) {
      walkOf.set(place, start);
      path.push(place);
      place = jobs[place]?.places.find((parent) => left.has(parent));
    }
    // Where an earlier walk went is told already.
    if (place !== undefined && walkOf.get(place) === start) {
      cycles.push(path.slice(path.indexOf(place)));
    }
  }
  return cycles;
}
