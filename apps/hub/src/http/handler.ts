import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperationId, RouteInput, RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { authorize, type Thing, type Verb } from '@interpulse/domain/access/authorize.ts';
import { granteesOf } from '@interpulse/domain/access/grantee.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { VisibleTo } from '@interpulse/store/access/visible-to.ts';
import type { WebInputReader } from '@interpulse/store/web-inputs/read-web-inputs.ts';
import type { Hub } from '../hub.ts';

/** What a handler is given besides its input. */
export interface Call {
  hub: Hub;
  who: Principal;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** A route's handler: parsed input in, the answer out. Answers that are not JSON go to `reply`. */
export type Handler<O extends OperationId> = (
  input: RouteInput<O>,
  call: Call,
) => Promise<RouteOutput<O>>;

/** Handlers by operation id. */
export type Handlers<O extends OperationId> = { [K in O]: Handler<K> };

/**
 * Asks the one decision about access.
 * @throws DomainError notFound for what may not be known, forbidden for what may not be done.
 */
export function demand(who: Principal, verb: Verb, thing: Thing, what: string): void {
  const verdict = authorize(who, verb, thing);
  if (verdict === 'allowed') return;
  if (verdict === 'hidden') throw new DomainError('notFound', `there is no ${what}`);
  const whom = thing.project === null ? 'an administrator of the hub' : 'a manager of its project';
  const message = `${who.name} may see ${what}, but not ${verb} it; ask ${whom}`;
  throw new DomainError('forbidden', message);
}

/** Things of the whole hub. */
export const hubThing: Thing = { project: null, ownerId: null };

/** The projects whose things someone sees; null for all (administrators). */
export function visibleProjects(who: Principal): string[] | null {
  return who.admin ? null : Object.keys(who.projects);
}

/** What someone may see of things that can be shared. */
export function visibleTo(who: Principal): VisibleTo {
  return { projects: visibleProjects(who), grantees: granteesOf(who) };
}

/** The projects in which someone may run jobs; null for all (administrators). */
export function runnableProjects(who: Principal): string[] | null {
  if (who.admin) return null;
  return Object.keys(who.projects).filter((project) => who.projects[project] !== 'reader');
}

/** Someone by whom questions to people may be seen or answered. */
export function questionReader(who: Principal): WebInputReader {
  const { projects: sees, grantees } = visibleTo(who);
  return { name: who.name, sees, grantees, answersFor: runnableProjects(who) };
}

/** The project in which something new is made: the one named, or the only one there is. */
export function projectFor(who: Principal, named: string | undefined, verb: Verb): string {
  const mine = Object.keys(who.projects);
  const project = named ?? (mine.length === 1 ? mine[0] : undefined);
  if (project === undefined) {
    const choice =
      mine.length > 0 ? `name one of ${mine.join(', ')}` : 'you are in none; ask for one';
    throw new DomainError('invalid', `which project? ${choice}`, {
      faults: [{ loc: ['project'], msg: 'name a project', type: 'missing' }],
    });
  }
  demand(who, verb, { project, ownerId: null }, `project ${project}`);
  return project;
}

/** One page of rows that were read with one more than the page holds. */
export function page<T>(rows: T[], limit: number, cursorOf: (row: T) => string) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
