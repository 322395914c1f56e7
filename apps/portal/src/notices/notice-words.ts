/** Words for what one may be told of. */
export const occasionWords = [
  { value: 'failed', label: 'it failed' },
  { value: 'canceled', label: 'it was canceled' },
  { value: 'succeeded', label: 'it succeeded' },
  { value: 'late', label: 'it is late' },
  { value: 'waiting', label: 'it waits for a person' },
  { value: 'paused', label: 'a trigger paused itself' },
] as const;

/** One of {@link occasionWords}. */
export type Occasion = (typeof occasionWords)[number]['value'];
