import { everyone } from '@interpulse/domain/access/grantee.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import { findUsers } from '@interpulse/store/access/access.ts';
import type { Executor } from '@interpulse/store/executor.ts';

/** Lists of grantees by the fields that name them. */
export type Grantees = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * Refuses a name that nobody has: a part given by a slip of the keyboard would help nobody.
 * @throws DomainError invalid with all faults.
 */
export async function checkGrantees(db: Executor, grantees: Grantees): Promise<void> {
  const names = namesOf(grantees);
  if (names.length === 0) return;
  const users = new Set((await findUsers(db, names)).map((user) => user.name));
  const faults = unknownGrantees(grantees, (name) => users.has(name));
  const [first] = faults;
  if (first) throw new DomainError('invalid', `${first.loc.join('.')}: ${first.msg}`, { faults });
}

/** The users and service accounts among grantees. */
export function namesOf(grantees: Grantees): string[] {
  return Object.values(grantees).flatMap((list) => (list ?? []).filter(isName));
}

/** One fault for each name that is none of a user or service account. */
export function unknownGrantees(grantees: Grantees, isKnown: (name: string) => boolean): Fault[] {
  return Object.entries(grantees).flatMap(([field, list]) =>
    (list ?? []).flatMap((name, index) => {
      if (!isName(name) || isKnown(name)) return [];
      const msg = `there is no user or service account "${name}"`;
      return [{ loc: [field, index], msg, type: 'unknown_user' }];
    }),
  );
}

function isName(grantee: string): boolean {
  return grantee !== everyone && !grantee.startsWith('project:');
}
