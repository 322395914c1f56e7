import { authorize } from '@interpulse/domain/access/authorize.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowThing } from '@interpulse/domain/flow-run/flow-access.ts';
import type { OwnedFlow } from '@interpulse/store/flows/flows.ts';

/** In which project a flow run is made, and who of outside it manages it. */
export interface StartPlace {
  project: string;
  managers: string[];
}

/**
 * Where a flow run of `who` is made: in the project named, else in the flow's, else in the only
 * one of its own. Who may start the flow but is in no project makes it in the flow's.
 * @throws DomainError forbidden or notFound, when it may not start the flow, or not there.
 */
export function startPlace(who: Principal, flow: OwnedFlow, named: string | undefined): StartPlace {
  const verdict = authorize(who, 'run', flowThing(flow));
  if (verdict === 'hidden') throw new DomainError('notFound', `there is no flow "${flow.name}"`);
  if (verdict === 'forbidden') {
    const hint = `an administrator of it makes you a starter: interpulse flow share ${flow.name}`;
    const message = `${who.name} may see flow "${flow.name}", but not start it; ${hint}`;
    throw new DomainError('forbidden', message);
  }
  const mayRunIn = (project: string): boolean =>
    authorize(who, 'run', { project, ownerId: null }) === 'allowed';
  if (named !== undefined && mayRunIn(named)) return { project: named, managers: [] };
  if (named !== undefined && named !== flow.project) {
    throw new DomainError('forbidden', `${who.name} may not run anything in project ${named}`);
  }
  if (mayRunIn(flow.project)) return { project: flow.project, managers: [] };
  const own = Object.keys(who.projects).filter(mayRunIn);
  if (own.length === 1 && own[0] !== undefined && named === undefined) {
    return { project: own[0], managers: [] };
  }
  if (own.length > 1 && named === undefined) {
    throw new DomainError('invalid', `which project? name one of ${own.join(', ')}`, {
      faults: [{ loc: ['project'], msg: 'name a project', type: 'missing' }],
    });
  }
  // Who started it sees it although the project is not theirs.
  return { project: flow.project, managers: [who.name] };
}
