import type { Fault } from '../error.ts';
import type { Json, JsonTrail } from '../json.ts';
import { mappedPrincipal, type Respondents } from '../web-input/respondents.ts';
import type { InspectedFlow } from './inspect-flows.ts';

/** Who is asked, and where the definition says so. */
interface Asked {
  urn: string;
  loc: JsonTrail;
}

/** Who of those that are asked is not there, and whom foreign principals stand for. */
export interface MissingPeople {
  /** As `user:NAME` and `project:NAME`. */
  missing: ReadonlySet<string>;
  principals: Readonly<Record<string, string>>;
}

/** The users and projects that questions of these flows name in constants. */
export function askedPeople(
  flows: readonly InspectedFlow[],
  principals: MissingPeople['principals'],
): Respondents {
  const names = constants(flows).map(({ urn }) => mappedPrincipal(urn, principals) ?? '');
  const of = (kind: string) => [
    ...new Set(names.flatMap((name) => (name.startsWith(kind) ? [name.slice(kind.length)] : []))),
  ];
  return { users: of('user:'), projects: of('project:') };
}

/**
 * Warns of respondents in constants who are nobody here: they may come before a flow run asks, and
 * otherwise its question cannot be asked.
 */
export function unknownPeople(flows: readonly InspectedFlow[], people: MissingPeople): Fault[] {
  return constants(flows).flatMap(({ urn, loc }) => {
    const msg = problemOf(urn, people);
    return msg === null ? [] : [{ loc, msg, type: 'unknown_name' }];
  });
}

function problemOf(urn: string, { missing, principals }: MissingPeople): string | null {
  const name = mappedPrincipal(urn, principals);
  if (name === null) {
    const way = 'write user:NAME or project:NAME, or map it in mapping.principals of the hub';
    return `"${urn}" is nobody here; ${way}`;
  }
  return missing.has(name) ? `there is no ${name.replace(':', ' "')}" at this hub yet` : null;
}

function constants(flows: readonly InspectedFlow[]): Asked[] {
  return flows.flatMap(({ flow, at }) =>
    Object.entries(flow.States).flatMap(([name, state]) => {
      if (state.Type !== 'CreateWebInput') return [];
      const loc = [...at, 'States', name, 'Parameters', 'RespondentUrns'];
      const urns: Json = state.Parameters?.['RespondentUrns'] ?? [];
      if (typeof urns === 'string') return [{ urn: urns, loc }];
      if (!Array.isArray(urns)) return [];
      return urns.flatMap((urn, index) =>
        typeof urn === 'string' ? [{ urn, loc: [...loc, index] }] : [],
      );
    }),
  );
}
