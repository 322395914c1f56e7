import { readPlace, isDirect } from './notice-place.ts';
import type { NoticeOccasion, NoticeRule, NoticeSettings } from './notice-rule.ts';

/** A person with what its settings say. */
export interface NoticePerson {
  name: string;
  settings: NoticeSettings;
}

/** Whom a thing concerns. */
export interface ConcernedPeople {
  /** Those it belongs to: its owner, or who keeps the service account that owns it. */
  owners: readonly NoticePerson[];
  managers: readonly NoticePerson[];
  /** Who may answer the question that is told of. */
  respondents: readonly NoticePerson[];
  /** Those that rules name. */
  named: readonly NoticePerson[];
  /** Of the flow and of the trigger. */
  rules: readonly NoticeRule[];
}

/**
 * Where it is told that something happened, each place once, in order. People whom it concerns
 * hear of it when their settings ask for it; rules tell whom they name in any case.
 */
export function choosePlaces(occasion: NoticeOccasion, people: ConcernedPeople): string[] {
  const { owners, managers, respondents, named } = people;
  const places = new Set<string>();
  const tell = (persons: readonly NoticePerson[]): void => {
    for (const { settings } of persons) for (const place of settings.to) places.add(place);
  };
  tell(
    [...owners, ...managers, ...respondents].filter(({ settings }) =>
      settings.on.includes(occasion),
    ),
  );
  for (const text of people.rules.flatMap(({ on, to }) => (on.includes(occasion) ? to : []))) {
    const place = readPlace(text);
    if (place === null) continue;
    if (isDirect(place)) places.add(text);
    else if (place.by === 'user') tell(named.filter(({ name }) => name === place.name));
    else if (place.by === 'owner') tell(owners);
    else tell(place.by === 'managers' ? managers : respondents);
  }
  return [...places].toSorted();
}
