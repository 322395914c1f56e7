import type { Fault } from '../error.ts';
import type { JsonTrail } from '../json.ts';
import type { StateInspection } from './state-inspection.ts';
import { kindOf } from './states/state-kinds.ts';
import type { InspectedFlow } from './inspect-flows.ts';
import type { SubFlow } from './sub-flow.ts';

/**
 * Checks that names lead to states, that states are reached, and that the flow can end. States
 * inside a Parallel or Map are a flow of their own: no way leads in or out of them.
 */
export function checkGraph({ flow: graph, states: inspections, at }: InspectedFlow): {
  faults: Fault[];
  warnings: Fault[];
} {
  const faults = unknownNames(graph, inspections, at);
  // The other checks would only repeat what a wrong name causes.
  if (faults.length > 0) return { faults, warnings: [] };
  const found = checkShape(graph, inspections);
  const placed = (fault: Fault): Fault => ({ ...fault, loc: [...at, ...fault.loc] });
  return { faults: found.faults.map(placed), warnings: found.warnings.map(placed) };
}

function checkShape(
  graph: SubFlow,
  inspections: ReadonlyMap<string, StateInspection>,
): { faults: Fault[]; warnings: Fault[] } {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const next = new Map(
    [...inspections].map(([name, { targets }]) => [name, targets.map((target) => target.name)]),
  );
  const reached = reachableFrom([graph.StartAt], next);
  for (const name of inspections.keys()) {
    if (reached.has(name)) continue;
    const msg = `${name} cannot be reached from ${graph.StartAt}`;
    faults.push({ loc: ['States', name], msg, type: 'unreachable_state' });
  }
  checkEnds(graph, inspections, next, faults, warnings);
  const loop = findLoop(new Map([...next].filter(([name]) => !blocks(graph, name))));
  if (loop !== null) {
    const msg = `a loop without a Wait or an Action: ${[...loop, loop[0]].join(' → ')}`;
    warnings.push({ loc: ['States', loop[0] ?? ''], msg, type: 'busy_loop' });
  }
  return { faults, warnings };
}

function blocks(graph: SubFlow, name: string): boolean {
  const state = graph.States[name];
  return state !== undefined && kindOf(state).blocks;
}

function unknownNames(
  graph: SubFlow,
  inspections: ReadonlyMap<string, StateInspection>,
  at: JsonTrail,
): Fault[] {
  const targets = [...inspections.values()].flatMap((inspection) => inspection.targets);
  return [{ name: graph.StartAt, loc: [...at, 'StartAt'] }, ...targets]
    .filter(({ name }) => !inspections.has(name))
    .map(({ name, loc }) => ({ loc, msg: `there is no state ${name}`, type: 'unknown_state' }));
}

/** From a state that leads to no end one must at least come to a Choice, whose loop is legal. */
function checkEnds(
  graph: SubFlow,
  inspections: ReadonlyMap<string, StateInspection>,
  next: ReadonlyMap<string, string[]>,
  faults: Fault[],
  warnings: Fault[],
): void {
  const before = new Map<string, string[]>([...next.keys()].map((name) => [name, []]));
  for (const [name, names] of next) for (const target of names) before.get(target)?.push(name);
  const named = (test: (name: string) => boolean): string[] => [...next.keys()].filter(test);
  const ending = reachableFrom(
    named((name) => inspections.get(name)?.ends ?? false),
    before,
  );
  const choosing = reachableFrom(
    named((name) => graph.States[name]?.Type === 'Choice'),
    before,
  );
  for (const name of next.keys()) {
    if (ending.has(name)) continue;
    const fault = {
      loc: ['States', name],
      msg: `no end can be reached from ${name}`,
      type: 'no_end',
    };
    (choosing.has(name) ? warnings : faults).push(fault);
  }
}

function reachableFrom(
  starts: readonly string[],
  next: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const seen = new Set(starts);
  // A set also walks what is added to it on the way.
  for (const name of seen) for (const target of next.get(name) ?? []) seen.add(target);
  return seen;
}

/** The names along one loop, or null. Without recursion, since flows may be long. */
function findLoop(next: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  for (const start of next.keys()) {
    const path: string[] = [];
    const open: { name: string; rest: string[] }[] = [];
    const enter = (name: string): void => {
      path.push(name);
      open.push({ name, rest: [...(next.get(name) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const target = top.rest.pop();
      if (target === undefined) {
        done.add(top.name);
        path.pop();
        open.pop();
      } else if (path.includes(target)) return path.slice(path.indexOf(target));
      else if (next.has(target) && !done.has(target)) enter(target);
    }
  }
  return null;
}
