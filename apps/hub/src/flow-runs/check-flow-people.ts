import { keepsAccount } from '@interpulse/domain/access/keeps-account.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { parseDefinition } from '@interpulse/domain/flow/definition.ts';
import { allStates } from '@interpulse/domain/flow/sub-flow.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { authorize } from '@interpulse/domain/access/authorize.ts';
import type { FlowPeople } from '@interpulse/domain/flow-run/flow-run.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { findUsers } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { OwnedFlow } from '@interpulse/store/flows/flows.ts';
import { accountsStarting } from '@interpulse/store/triggers/triggers.ts';
import { namesOf, unknownGrantees } from './check-grantees.ts';

/** What is saved of a flow: its text as it will be, and what changes about people. */
export interface FlowToCheck {
  definition: JsonObject;
  known: OwnedFlow | undefined;
  people: { [K in keyof FlowPeople]?: FlowPeople[K] | undefined };
  project: string;
}

/**
 * Checks who has a part in a flow, and whom its actions run as. Who changes what an account does
 * must keep that account: its project's managers do.
 * @throws DomainError invalid with all faults, or forbidden.
 */
export async function checkFlowPeople(
  db: Executor,
  who: Principal,
  { definition, known, people, project }: FlowToCheck,
): Promise<void> {
  refuseSharing(who, known, people, project);
  const roles = people.roles ?? known?.roles ?? {};
  const serviceAccount =
    people.serviceAccount === undefined ? (known?.serviceAccount ?? null) : people.serviceAccount;
  const accounts = [...Object.values(roles), ...(serviceAccount === null ? [] : [serviceAccount])];
  // What a trigger starts has the rights of the trigger's account: whoever changes it uses them.
  const starting = known === undefined ? [] : await accountsStarting(db, known.name);
  const { administrators, starters, viewers, runManagers, runMonitors } = people;
  const grantees = { administrators, starters, viewers, runManagers, runMonitors };
  const users = await findUsers(db, [...accounts, ...starting, ...namesOf(grantees)]);
  const byName = new Map(users.map((user) => [user.name, user]));
  const faults = unknownGrantees(grantees, (name) => byName.has(name));
  for (const [role, name] of Object.entries(roles)) {
    if (byName.get(name)?.kind === 'serviceAccount') continue;
    const msg = `there is no service account "${name}"`;
    faults.push({ loc: ['roles', role], msg, type: 'unknown_account' });
  }
  if (serviceAccount !== null && byName.get(serviceAccount)?.kind !== 'serviceAccount') {
    const msg = `there is no service account "${serviceAccount}"`;
    faults.push({ loc: ['serviceAccount'], msg, type: 'unknown_account' });
  }
  faults.push(...faultsOfRunAs(definition, roles, serviceAccount));
  const [first] = faults;
  if (first) {
    throw new DomainError('invalid', `${first.loc.join('.')}: ${first.msg}`, { faults });
  }
  for (const name of new Set([...accounts, ...starting])) {
    const account = byName.get(name);
    if (account === undefined || account.id === who.id || keepsAccount(who, account)) continue;
    const keepers = account.project === null ? 'the hub' : `project ${account.project}`;
    const how = accounts.includes(name) ? 'the flow acts as' : 'a trigger starts the flow as';
    const message = `${how} ${name}, which the managers of ${keepers} keep`;
    throw new DomainError('forbidden', `${message}; ask one of them to save it`);
  }
}

/** Changing a definition is one thing, deciding who else may another one. */
function refuseSharing(
  who: Principal,
  known: OwnedFlow | undefined,
  people: FlowToCheck['people'],
  project: string,
): void {
  if (known === undefined || Object.values(people).every((value) => value === undefined)) return;
  if (authorize(who, 'administer', flowThing(known)) === 'allowed') return;
  const message = `${who.name} may change flow "${known.name}", but not who else has a part in it`;
  throw new DomainError('forbidden', `${message}; its owner or a manager of ${project} may`);
}

/** `RunAs` names `User`, `Flow` where the flow has an account, or one of its roles. */
function faultsOfRunAs(
  definition: JsonObject,
  roles: FlowPeople['roles'],
  serviceAccount: string | null,
): Fault[] {
  const parsed = parseDefinition(definition);
  if ('faults' in parsed) return [];
  return [...allStates(parsed.definition)].flatMap(([name, state]) => {
    const runAs = 'RunAs' in state ? state.RunAs : undefined;
    if (runAs === undefined || runAs === 'User' || Object.hasOwn(roles, runAs)) return [];
    if (runAs === 'Flow' && serviceAccount !== null) return [];
    const loc = ['definition', 'States', name, 'RunAs'];
    const msg =
      runAs === 'Flow'
        ? 'RunAs is Flow, but the flow has no service account; set "serviceAccount"'
        : `"${runAs}" is no role of the flow; RunAs is User, Flow, or a name in "roles"`;
    return [{ loc, msg, type: 'run_as' }];
  });
}
