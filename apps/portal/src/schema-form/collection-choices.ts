import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** Collections to choose from, with whose they are. */
export function collectionChoices(
  collections: readonly Pick<Schemas['Collection'], 'name' | 'project'>[],
): { value: string; label: string }[] {
  return [
    { value: '', label: 'Choose a collection' },
    ...collections.map(({ name, project }) => {
      return { value: name, label: project === null ? name : `${name} (project ${project})` };
    }),
  ];
}
