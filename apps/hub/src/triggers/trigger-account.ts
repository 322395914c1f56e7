import { authorize } from '@interpulse/domain/access/authorize.ts';
import { keepsAccount } from '@interpulse/domain/access/keeps-account.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { findPrincipalNamed, findUser } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { OwnedFlow } from '@interpulse/store/flows/flows.ts';
import type { StoredTrigger } from '@interpulse/store/triggers/triggers.ts';

/** What is saved of a trigger, as far as it concerns its account. */
export interface TriggerToCheck {
  known: Pick<StoredTrigger, 'name' | 'runAs'> | undefined;
  /** What the caller names; undefined leaves it as it is. */
  runAs: string | undefined;
  project: string;
  flow: OwnedFlow;
}

/**
 * The account whose flow runs a trigger starts, once it is saved. What a trigger starts has the
 * rights of its account, so who saves it must be that account or keep it; who changes a trigger of
 * another person takes it over.
 * @throws DomainError forbidden, or invalid with the fault at `runAs`.
 */
export async function accountOfTrigger(
  db: Executor,
  who: Principal,
  { known, runAs, project, flow }: TriggerToCheck,
): Promise<string> {
  const name = await accountName(db, who, known, runAs);
  const account = name === who.name ? who : await findPrincipalNamed(db, name);
  if (account === undefined) throw badAccount(`there is no service account "${name}"`);
  const isOf = authorize(account, 'run', { project, ownerId: null }) === 'allowed';
  if (!isOf) throw badAccount(`${name} may not run anything in project ${project}; add it there`);
  if (authorize(account, 'run', flowThing(flow)) === 'allowed') return account.id;
  throw badAccount(`${name} may not start flow ${flow.name}; make it a starter of the flow`);
}

async function accountName(
  db: Executor,
  who: Principal,
  known: TriggerToCheck['known'],
  runAs: string | undefined,
): Promise<string> {
  const name = runAs ?? known?.runAs ?? who.name;
  if (name === who.name || (await mayActAs(db, who, name))) return name;
  if (runAs !== undefined && runAs !== known?.runAs) {
    throw badAccount(`"${name}" is no service account that you keep`);
  }
  const account = await findUser(db, name);
  if (account?.kind !== 'serviceAccount') {
    if (runAs === undefined) return who.name;
    throw badAccount(`you cannot act as ${name}; leave it out to have it run as ${who.name}`);
  }
  const keepers = account.project === null ? 'the hub' : `project ${account.project}`;
  throw new DomainError(
    'forbidden',
    `trigger "${known?.name ?? ''}" runs as ${name}, which the managers of ${keepers} keep: ask ` +
      `one of them to save it, or have it run as yourself: "runAs": "${who.name}"`,
  );
}

/** Whether someone is an account, or keeps it. */
export async function mayActAs(db: Executor, who: Principal, name: string): Promise<boolean> {
  if (name === who.name) return who.jobId === null;
  const account = await findUser(db, name);
  return account !== undefined && keepsAccount(who, account);
}

function badAccount(msg: string): DomainError {
  const faults = [{ loc: ['runAs'], msg, type: 'unknown_account' }];
  return new DomainError('invalid', `the trigger's runAs: ${msg}`, { faults });
}
