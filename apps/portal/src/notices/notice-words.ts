/** Words for what one may be told of. */
export const occasionWords = {
  failed: 'it failed',
  canceled: 'it was canceled',
  succeeded: 'it succeeded',
  late: 'it is late',
  waiting: 'it waits for a person',
  paused: 'a trigger paused itself',
} as const;

/** One of {@link occasionWords}. */
export type Occasion = keyof typeof occasionWords;

/** {@link occasionWords}, to choose from. */
export const occasionChoices = Object.entries(occasionWords).map(([value, label]) => ({
  value: value as Occasion,
  label,
}));
