import { DomainError } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { Flow, FlowLogEntry, FlowRun } from '@interpulse/domain/flow-run/flow-run.ts';
import { ada, page, type Handlers } from './answering.ts';
import { countSteps, isInside } from './count-steps.ts';
import { makeFlows, makeSurveyRuns, type SurveyRun } from './flow-story.ts';
import { fixedId } from './shot-story.ts';
import type { World } from './world.ts';

interface Known {
  flows: Map<string, Flow[]>;
  runs: SurveyRun[];
}

function flowOf({ flows }: Known, name: string, version?: number): Flow {
  const versions = flows.get(name) ?? [];
  const found =
    version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
  if (found === undefined) throw new DomainError('notFound', `there is no flow ${name}`);
  return found;
}

/** Flows, their versions, and flow runs that people start; those of shots are `before`'s. */
export function flowHandlers(world: World, before: Handlers): Handlers {
  const at = world.now();
  const known: Known = {
    flows: new Map(makeFlows(at).map((flow) => [flow.name, [flow]])),
    runs: makeSurveyRuns(at),
  };
  return {
    ...libraryHandlers(world, known),
    ...writingHandlers(world, known),
    ...runHandlers(known, before),
    ...startHandlers(world, known),
  };
}

function libraryHandlers(world: World, known: Known): Handlers {
  return {
    listFlows: ({ query }) => {
      const newest = [...known.flows.keys()].map((name) => flowOf(known, name));
      return page(
        newest.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
        query,
      );
    },
    getFlow: ({ params, query }) => flowOf(known, params.flow, query.version),
    listFlowVersions: ({ params, query }) => {
      const versions = (known.flows.get(params.flow) ?? []).toReversed();
      return page(
        versions.map(({ version, title, updatedAt }) => {
          return { version, title, createdAt: updatedAt, savedBy: ada.name, flowRuns: 3 };
        }),
        query,
      );
    },
    listFolder: ({ query }) => ({
      location: query.location,
      entries: query.location.endsWith('/night7/')
        ? [1, 2, 3].map((number) => ({
            name: `frame_${number}.h5`,
            type: 'file' as const,
            sizeBytes: 812_000_000,
            modifiedAt: world.now(),
          }))
        : [{ name: 'night7', type: 'folder' as const, sizeBytes: null, modifiedAt: world.now() }],
    }),
  };
}

function writingHandlers(world: World, known: Known): Handlers {
  return {
    checkFlow: ({ body }) => {
      const parsed = parseDefinition(body.definition, body.inputSchema);
      const own = 'faults' in parsed ? parsed.faults : [];
      const text = JSON.stringify(body.definition);
      const isUnknown = text.includes('"app":"nobody"');
      const loc = ['definition', 'States'];
      return {
        faults: own.map((fault) => ({ ...fault, loc: ['definition', ...fault.loc] })),
        warnings: isUnknown ? [{ loc, msg: 'no app is called nobody', type: 'unknown_app' }] : [],
      };
    },
    changeFlow: ({ params, body }) => {
      const flow = flowOf(known, params.flow);
      if (body.starters?.includes('nobody')) {
        throw new DomainError('invalid', 'there is no user or service account "nobody"');
      }
      const { archived: _, ...people } = body;
      const given = Object.entries(people).filter(([, value]) => value !== undefined);
      const changed: Flow = { ...flow, ...(Object.fromEntries(given) as Partial<Flow>) };
      known.flows.set(params.flow, [...(known.flows.get(params.flow) ?? []).slice(0, -1), changed]);
      world.note('flow.changed', 'flow', flow.id);
      return changed;
    },
    saveFlow: ({ params, body }) => {
      const versions = known.flows.get(params.flow) ?? [];
      const last = versions.at(-1) ?? flowOf(known, 'survey');
      const { title, description, definition, inputSchema } = body;
      const saved: Flow = {
        ...last,
        name: params.flow,
        version: (versions.at(-1)?.version ?? 0) + 1,
        title,
        description,
        definition,
        inputSchema,
        updatedAt: world.now(),
      };
      known.flows.set(params.flow, [...versions, saved]);
      world.note('flow.saved', 'flow', saved.id);
      return { ...saved, warnings: [] };
    },
  };
}

function runHandlers(known: Known, before: Handlers): Handlers {
  return {
    listFlowRuns: async (input) => {
      const own = known.runs.map(({ run }) => run).filter((run) => matches(run, input.query));
      const asked = input.query.flow;
      if (asked !== undefined && asked !== 'xpcs-live') return page(own, input.query);
      return (await before.listFlowRuns?.(input)) ?? page(own, input.query);
    },
    getFlowRun: async (input) => {
      const found = find(known, input.params.flowRunId);
      if (found === undefined) {
        const answer = await before.getFlowRun?.(input);
        if (answer !== undefined) return answer;
        throw new DomainError('notFound', `there is no flow run ${input.params.flowRunId}`);
      }
      const { run, steps } = found;
      const { definition } = flowOf(known, run.flowName);
      const files = Array.from({ length: 400 }, (_, index) => `xpcs-raw:/night7/${index}.h5`);
      const inner = { reference: 'xpcs-raw:/night7/empty.h5', files: files.slice(0, 4) };
      return {
        flowRun: run,
        prediction: null,
        definition,
        steps: steps.length > 200 ? steps.filter((step) => !isInside(step)) : steps,
        ...countSteps(steps, run.endedAt === null ? { ReduceAll: 400 } : {}),
        takenOver: [],
        input: { input: inner },
        output: null,
        outputBytes: null,
      };
    },
    listFlowRunSteps: ({ params, query }) => {
      const { path, state, status } = query;
      const steps = (find(known, params.flowRunId)?.steps ?? []).filter(
        ({ stateName, ...step }) =>
          (path === undefined || stateName.startsWith(`${path}[`)) &&
          (state === undefined || stateName === state || stateName.endsWith(`]/${state}`)) &&
          (status === undefined || step.status === status),
      );
      return page(query.newestFirst ? steps.toReversed() : steps, query);
    },
    getFlowRunLog: async (input) => {
      const found = find(known, input.params.flowRunId);
      if (found !== undefined) {
        const lines = logOf(found);
        return page(input.query.newestFirst ? lines.toReversed() : lines, input.query);
      }
      return (await before.getFlowRunLog?.(input)) ?? page([], input.query);
    },
  };
}

function startHandlers(world: World, known: Known): Handlers {
  const start = (flowName: string, more: Partial<FlowRun>): FlowRun => {
    const template = firstOf(known);
    const now = world.now();
    const id = fixedId('flowrun', Date.now(), known.runs.length + 950);
    const { version: flowVersion } = flowOf(known, flowName);
    const reason = null;
    const run = { ...template, id, flowName, flowVersion, startedAt: now, reason, ...more };
    known.runs.push({
      run: { ...run, stateName: 'Calibrate', status: 'ACTIVE', endedAt: null },
      steps: [],
    });
    world.note('flowRun.started', 'flowRun', id);
    return run;
  };
  return {
    startFlowRun: ({ body }) => {
      const faults = validateInput(flowOf(known, body.flow).inputSchema, body.input);
      if (faults.length > 0) throw new DomainError('invalid', 'the input does not fit', { faults });
      const { label, urgency, deadlineAt, tags } = body;
      return start(body.flow, { label, urgency, deadlineAt, tags });
    },
    rerunFlowRun: ({ params, body }) => {
      const { flowName, label } = find(known, params.flowRunId)?.run ?? firstOf(known);
      const rerunOf = params.flowRunId;
      const run = start(flowName, { label: body.label ?? label, rerunOf, startState: body.from });
      const begun = find(known, run.id);
      if (begun !== undefined) begun.startDocument = { night: 8, ...body.document };
      return run;
    },
    changeFlowRun: ({ params, body }) => {
      const found = find(known, params.flowRunId);
      if (found === undefined) throw new DomainError('notFound', 'there is no such flow run');
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      found.run = { ...found.run, ...Object.fromEntries(given) };
      world.note('flowRun.changed', 'flowRun', found.run.id);
      return found.run;
    },
    resumeFlowRun: ({ params }) => {
      const found = find(known, params.flowRunId);
      if (found === undefined) throw new DomainError('notFound', 'there is no such flow run');
      found.run = { ...found.run, status: 'ACTIVE', reason: null };
      world.note('flowRun.resumed', 'flowRun', found.run.id);
      return found.run;
    },
  };
}

function find({ runs }: Known, id: string): SurveyRun | undefined {
  return runs.find(({ run }) => run.id === id);
}

function firstOf({ runs }: Known): FlowRun {
  const [first] = runs;
  if (first === undefined) throw new DomainError('notFound', 'there is no flow run');
  return first.run;
}

function matches(run: FlowRun, query: { flow?: string | undefined; label?: string | undefined }) {
  return (
    (query.flow === undefined || run.flowName === query.flow) &&
    run.label.includes(query.label ?? '')
  );
}

function logOf({ run, steps, startDocument }: SurveyRun): FlowLogEntry[] {
  const lines: Omit<FlowLogEntry, 'sequence'>[] = [
    {
      at: run.startedAt,
      code: 'FlowStarted',
      description: 'The flow run started execution',
      details: startDocument === undefined ? {} : { input: startDocument },
    },
  ];
  for (const step of steps) {
    const details = { state_name: step.stateName, state_type: step.stateType };
    const line = (at: string, phase: string, words: string) =>
      lines.push({
        at,
        code: `${step.stateType}${phase}`,
        description: `State ${step.stateName} ${words}`,
        details,
      });
    line(step.startedAt, 'Started', 'started');
    if (step.endedAt === null) continue;
    if (step.status === 'failed') line(step.endedAt, 'Failed', `failed: ${step.reason}`);
    else line(step.endedAt, 'Completed', 'completed');
  }
  return lines.map((line, index) => ({ ...line, sequence: index + 1 }));
}
