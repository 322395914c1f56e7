import type { ProjectRole } from '../access/principal.ts';
import type { Respondents } from '../web-input/respondents.ts';
import type { ConcernedPeople, NoticePerson } from './choose-places.ts';
import type { NoticeRule } from './notice-rule.ts';

/** A person who said where it hears of things, with its parts in projects. */
export interface ListeningPerson extends NoticePerson {
  projects: Record<string, ProjectRole>;
}

/** To whom a flow run or a trigger belongs. */
export interface Belonging {
  project: string;
  owner: { name: string; kind: 'user' | 'serviceAccount'; project: string | null } | null;
  /** Grantees, of the flow run and of its flow. */
  managers: readonly string[];
  rules: readonly NoticeRule[];
}

/** Whom something concerns. What a service account owns concerns those who keep the account. */
export function concernedPeople(
  { project, owner, managers, rules }: Belonging,
  people: readonly ListeningPerson[],
  respondents: Respondents = { users: [], projects: [] },
): ConcernedPeople {
  const kept = owner?.project ?? project;
  const isOwner = ({ name, projects }: ListeningPerson): boolean =>
    owner?.kind === 'serviceAccount' ? projects[kept] === 'manager' : name === owner?.name;
  const isManager = ({ name, projects }: ListeningPerson): boolean =>
    managers.includes(name) ||
    Object.keys(projects).some((of) => managers.includes(`project:${of}`));
  const mayAnswer = ({ name, projects }: ListeningPerson): boolean =>
    respondents.users.includes(name) ||
    respondents.projects.some((of) => projects[of] === 'member' || projects[of] === 'manager');
  return {
    owners: people.filter(isOwner),
    managers: people.filter(isManager),
    respondents: people.filter(mayAnswer),
    named: people,
    rules,
  };
}
