import type { flowRoutes } from '@interpulse/api/routes/flows.ts';
import { authorize, type Verb } from '@interpulse/domain/access/authorize.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { checkImport } from '@interpulse/domain/flow/import/check-import.ts';
import { hidePrivate, restorePrivate } from '@interpulse/domain/flow/private-parameters.ts';
import { inspectFlows } from '@interpulse/domain/flow/inspect-flows.ts';
import { unknownNames, type KnownNames } from '@interpulse/domain/flow/unknown-names.ts';
import { checkInputSchema } from '@interpulse/domain/flow/validate-input.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import type { Flow } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { appendEvents, eventsTopic } from '@interpulse/store/events/append-events.ts';
import {
  changeFlow,
  findFlow,
  findFlowVersion,
  listFlows,
  listFlowVersions,
  saveFlow,
  type FlowChange,
  type OwnedFlow,
} from '@interpulse/store/flows/flows.ts';
import { checkFlowPeople } from '../../flow-runs/check-flow-people.ts';
import { warnOfPeople } from '../../flow-runs/warn-of-people.ts';
import type { HubTransaction } from '../../hub.ts';
import { checkPlaces } from '../../notices/check-places.ts';
import { demand, page, projectFor, visibleTo, type Call, type Handlers } from '../handler.ts';
import { largestInteger, numberCursor } from '../number-cursor.ts';
import { knownHere } from '../../services/known-here.ts';
import { existing } from './existing.ts';

/** Flows: definitions of what to do. */
export const flowHandlers: Handlers<keyof typeof flowRoutes> = {
  async listFlows({ query }, { hub, who }) {
    const { cursor: after, limit, ...wanted } = query;
    const filter = { ...wanted, ...visibleTo(who), after };
    const rows = await listFlows(hub.db, { ...filter, limit: limit + 1 });
    return page(
      rows.map((flow) => publicFlow(who, flow)),
      limit,
      (flow) => flow.name,
    );
  },

  async getFlow({ params, query }, call) {
    const { hub, who } = call;
    const newest = await seenFlow(call, params.flow, 'read');
    if (query.version === undefined) return publicFlow(who, newest);
    const found = await findFlowVersion(hub.db, params.flow, query.version);
    return publicFlow(who, existing(found, `version ${query.version} of flow "${params.flow}"`));
  },

  async saveFlow({ params, body }, call) {
    const { hub, who } = call;
    const known = await findFlow(hub.db, params.flow);
    if (known) demand(who, 'write', flowThing(known), `flow "${known.name}"`);
    refuseMove(known, body.project);
    const project = known?.project ?? projectFor(who, body.project, 'write');
    const definition = known ? restorePrivate(body.definition, known.definition) : body.definition;
    const { title, description, inputSchema } = body;
    const { project: _, title: __, description: ___, ...more } = body;
    const { definition: ____, inputSchema: _____, ...people } = more;
    refuse(params.flow, checkFlow(definition, inputSchema).faults);
    await checkFlowPeople(hub.db, who, { definition, known, people, project });
    await checkPlaces(hub, people.notify ?? [], placeLoc);
    await hub.transaction(async (tx) => {
      const text = { title, description, definition, inputSchema };
      const flow = { ...text, id: hub.newId('flow'), name: params.flow, project, ownerId: who.id };
      const version = await saveFlow(tx, flow, hub.now());
      await changeFlow(tx, params.flow, people, hub.now());
      await note(call, tx, { name: params.flow, project }, 'flow.saved', { version });
    });
    return savedAnswer(call, params.flow);
  },

  async changeFlow({ params, body }, call) {
    const { hub, who } = call;
    const known = await seenFlow(call, params.flow, 'administer');
    const { archived, ...people } = body;
    const { definition, project } = known;
    await checkFlowPeople(hub.db, who, { definition, known, people, project });
    await checkPlaces(hub, people.notify ?? [], placeLoc);
    const change: FlowChange = { ...people };
    if (archived !== undefined) change.archivedAt = archived ? hub.now() : null;
    await hub.transaction(async (tx) => {
      await changeFlow(tx, known.name, change, hub.now());
      await note(call, tx, known, 'flow.changed', { changed: Object.keys(body) });
    });
    return answer(call, known.name);
  },

  async deleteFlow({ params }, call) {
    const { hub } = call;
    const known = await seenFlow(call, params.flow, 'administer');
    await hub.transaction(async (tx) => {
      await changeFlow(tx, known.name, { archivedAt: hub.now() }, hub.now());
      await note(call, tx, known, 'flow.archived', {});
    });
    return undefined;
  },

  async listFlowVersions({ params, query }, call) {
    await seenFlow(call, params.flow, 'read');
    const before = numberCursor(query.cursor, 'versions', largestInteger) ?? null;
    const rows = await listFlowVersions(call.hub.db, params.flow, before, query.limit + 1);
    return page(rows, query.limit, ({ version }) => String(version));
  },

  async restoreFlow({ params, body }, call) {
    const { hub, who } = call;
    const known = await seenFlow(call, params.flow, 'write');
    const what = `version ${body.version} of flow "${params.flow}"`;
    const old = existing(await findFlowVersion(hub.db, known.name, body.version), what);
    const { definition } = old;
    const { name, project } = known;
    await checkFlowPeople(hub.db, who, { definition, known, people: {}, project });
    await hub.transaction(async (tx) => {
      const flow = { ...old, id: hub.newId('flow'), ownerId: known.ownerId };
      const version = await saveFlow(tx, flow, hub.now());
      await note(call, tx, { name, project }, 'flow.saved', { version, restored: body.version });
    });
    return savedAnswer(call, known.name);
  },

  async checkFlow({ body }, { hub }) {
    const { faults, warnings } = checkFlow(body.definition, body.inputSchema, await knownHere(hub));
    return { faults, warnings: [...warnings, ...(await warnOfPeople(hub, body.definition))] };
  },

  async checkFlowImport({ body }, { hub, who }) {
    const { definition, inputSchema, flow: name } = body;
    const found = name === undefined ? undefined : await findFlow(hub.db, name);
    const isSeen = found !== undefined && authorize(who, 'read', flowThing(found)) === 'allowed';
    const accounts = {
      serviceAccount: body.serviceAccount ?? (isSeen ? found.serviceAccount : null),
      roles: body.roles ?? (isSeen ? found.roles : {}),
    };
    return checkImport(definition, inputSchema, hub.mapping, await knownHere(hub), accounts);
  },
};

const placeLoc = (rule: number, place: number) => ['notify', rule, 'to', place];

/** A flow with which the caller may do what it wants to. */
async function seenFlow({ hub, who }: Call, name: string, verb: Verb): Promise<OwnedFlow> {
  const flow = existing(await findFlow(hub.db, name), `flow "${name}"`);
  demand(who, verb, flowThing(flow), `flow "${name}"`);
  return flow;
}

async function answer({ hub, who }: Call, name: string): Promise<Flow> {
  return publicFlow(who, existing(await findFlow(hub.db, name), `flow "${name}"`));
}

/** A flow that was saved, with what is worth a look in as much of it as the caller sees. */
async function savedAnswer(call: Call, name: string): Promise<SavedFlow> {
  const flow = await answer(call, name);
  const { warnings } = checkFlow(flow.definition, flow.inputSchema, await knownHere(call.hub));
  const ofPeople = await warnOfPeople(call.hub, flow.definition);
  // Words that Globus does not know are nothing to look after in a flow that runs here.
  const own = warnings.filter(({ type }) => type !== 'extension');
  return { ...flow, warnings: [...own, ...ofPeople] };
}

/** A flow as someone sees it: private parameters are its owner's and its administrators'. */
function publicFlow(who: Principal, flow: OwnedFlow): Flow {
  const { ownerId: _, ...shown } = flow;
  if (authorize(who, 'administer', flowThing(flow)) === 'allowed') return shown;
  return { ...shown, definition: hidePrivate(flow.definition) };
}

async function note(
  { hub, who }: Call,
  tx: HubTransaction,
  { name, project }: { name: string; project: string },
  kind: string,
  data: JsonObject,
): Promise<void> {
  const subject = { subjectType: 'flow' as const, subjectId: name, project, flowRunId: null };
  await appendEvents(tx, [{ ...subject, at: hub.now(), kind, actor: who.id, data }]);
  tx.notify([eventsTopic]);
}

/** A flow stays in its project; who names another one is not left to believe that it moved. */
function refuseMove(known: OwnedFlow | undefined, project: string | undefined): void {
  if (known === undefined || project === undefined || project === known.project) return;
  const msg = `flow "${known.name}" belongs to project ${known.project} and stays there`;
  const message = `project: ${msg}; leave the project out, or save under another name`;
  const faults = [{ loc: ['project'], msg, type: 'project' }];
  throw new DomainError('invalid', message, { faults });
}

function refuse(name: string, faults: Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const message = `flow ${name}: ${first.loc.join('.')}: ${first.msg}`;
  throw new DomainError('invalid', message, { faults });
}

/** With the names that there are, also of those that are not there is told. */
function checkFlow(definition: Json, inputSchema: JsonObject, known?: KnownNames): RouteCheck {
  const parsed = parseDefinition(definition, inputSchema);
  const within = (place: string) => (fault: Fault) => ({ ...fault, loc: [place, ...fault.loc] });
  const warnings = 'warnings' in parsed ? parsed.warnings : [];
  if ('definition' in parsed && known !== undefined) {
    warnings.push(...unknownNames(inspectFlows(parsed.definition), known));
  }
  return {
    faults: [
      ...('faults' in parsed ? parsed.faults : []).map(within('definition')),
      ...checkInputSchema(inputSchema).map(within('inputSchema')),
    ],
    warnings: warnings.map(within('definition')),
  };
}

interface RouteCheck {
  faults: Fault[];
  warnings: Fault[];
}

type SavedFlow = Flow & { warnings: Fault[] };
