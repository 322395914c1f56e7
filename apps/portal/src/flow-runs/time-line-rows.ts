import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { begunItems, type ItemCounts } from '../flow-diagram/state-progress.ts';
import { branchParts, placeOfStep } from '../flow-diagram/step-place.ts';

type Step = Schemas['FlowStep'];

/** One item of a Map, or one branch of a Parallel state, with all steps inside it. */
export interface ItemRow {
  kind: 'item';
  key: string;
  /** `item 17`, or `branch 2` as the drawing counts them. */
  name: string;
  index: number;
  steps: Step[];
  status: Step['status'];
}

/** Sums up the items or branches of the step above; they are shown when it is open. */
export interface ItemsRow {
  kind: 'items';
  key: string;
  step: number;
  state: string;
  isParallel: boolean;
  counts: ItemCounts;
  isOpen: boolean;
}

/** One line of the time line. */
export type TimeLineRow =
  | { kind: 'step'; key: string; step: Step; state: string }
  | ItemsRow
  | ItemRow
  | { kind: 'more'; key: string; count: number }
  | { kind: 'between'; key: string; count: number };

/** Items drawn of one step: failed ones, those under way, then the newest. */
export const shownItems = 40;
/** More lines than this are folded: those of a loop would push all else from the page. */
const mostRows = 60;
/** Lines before and after what is folded. */
const rowsBefore = 8;
const rowsAfter = 24;

/** A long time line with its middle folded into one line: how it began, and where it is. */
export function foldRows(rows: readonly TimeLineRow[]): readonly TimeLineRow[] {
  if (rows.length <= mostRows) return rows;
  const between = rows.slice(rowsBefore, -rowsAfter);
  const folded = { kind: 'between' as const, key: 'between', count: between.length };
  return [...rows.slice(0, rowsBefore), folded, ...rows.slice(-rowsAfter)];
}

/** So few items are shown without being asked for. */
const alwaysShown = 6;

interface Group {
  step: Step;
  items: Map<number, Step[]>;
}

/**
 * The lines of a time line: steps of the flow itself, and below a Map or Parallel step its items,
 * summed up when there are many, so that 10,000 are drawn as fast as ten.
 * @param sums of the items of states of the flow itself, by name, where not all steps are here
 * @param opened sequence numbers of steps whose items were asked for, or were put away when few
 */
export function timeLineRows(
  steps: readonly Step[],
  isState: (name: string) => boolean,
  opened: ReadonlySet<number>,
  sums: ReadonlyMap<string, ItemCounts> = new Map(),
): TimeLineRow[] {
  const groups: Group[] = [];
  const newest = new Map<string, Group>();
  for (const step of steps.map(withFault)) {
    const { branch, state } = placeOfStep(step.stateName, isState);
    const [outer] = branchParts(branch);
    if (outer === undefined) {
      const group = { step, items: new Map<number, Step[]>() };
      groups.push(group);
      newest.set(state, group);
    } else {
      // A Map that is entered again begins anew: its newest visit has the steps.
      const items = newest.get(outer.state)?.items;
      const own = items?.get(outer.index);
      if (own === undefined) items?.set(outer.index, [step]);
      else own.push(step);
    }
  }
  return groups.flatMap((group) => {
    const isNewest = newest.get(group.step.stateName) === group;
    return rowsOfGroup(
      group,
      isState,
      opened,
      isNewest ? sums.get(group.step.stateName) : undefined,
    );
  });
}

/** A Fail state has succeeded in ending what it ends: that is no good news. */
function withFault(step: Step): Step {
  const fails = step.stateType === 'Fail' && step.status === 'succeeded';
  return fails ? { ...step, status: 'failed' } : step;
}

function rowsOfGroup(
  { step, items }: Group,
  isState: (name: string) => boolean,
  opened: ReadonlySet<number>,
  sum: ItemCounts | undefined,
): TimeLineRow[] {
  const key = String(step.sequence);
  const own: TimeLineRow = { kind: 'step', key, step, state: step.stateName };
  const counted = sum === undefined ? items.size : begunItems(sum);
  if (counted === 0) return [own];
  const isParallel = step.stateType === 'Parallel';
  const rows = [...items].map(([index, inside]): ItemRow => {
    return {
      kind: 'item',
      key: `${key} ${step.stateName}, item ${index}`,
      name: isParallel ? `branch ${index + 1}` : `item ${index}`,
      index,
      steps: inside,
      status: statusOf(inside, `${step.stateName}[${index}]`, isState),
    };
  });
  const isOpen = opened.has(step.sequence) !== counted <= alwaysShown;
  const counts = sum ?? countsOf(rows);
  const summed: TimeLineRow = {
    kind: 'items',
    key: `${key} items`,
    step: step.sequence,
    state: step.stateName,
    isParallel,
    counts,
    isOpen,
  };
  if (!isOpen) return [own, summed];
  const shown = rows.toSorted(byInterest).slice(0, shownItems);
  const inOrder = shown.toSorted((one, other) => one.index - other.index);
  const left = counted - shown.length;
  const more: TimeLineRow[] = left === 0 ? [] : [{ kind: 'more', key: `${key} more`, count: left }];
  return [own, summed, ...inOrder, ...more];
}

/** How an item stands: as its own last step, not as what is in a Map or Parallel state inside. */
function statusOf(steps: Step[], item: string, isState: (name: string) => boolean): Step['status'] {
  if (steps.some(({ status }) => status === 'active')) return 'active';
  const own = steps.findLast(({ stateName }) => placeOfStep(stateName, isState).branch === item);
  return (own ?? steps.at(-1))?.status ?? 'active';
}

const interest: Record<Step['status'], number> = {
  failed: 0,
  active: 1,
  canceled: 2,
  succeeded: 3,
};

function byInterest(one: ItemRow, other: ItemRow): number {
  return interest[one.status] - interest[other.status] || other.index - one.index;
}

function countsOf(rows: ItemRow[]): ItemCounts {
  const counts = { done: 0, active: 0, failed: 0, canceled: 0, total: null };
  for (const { status } of rows) {
    if (status === 'succeeded') counts.done += 1;
    else if (status === 'active') counts.active += 1;
    else counts[status] += 1;
  }
  return counts;
}
