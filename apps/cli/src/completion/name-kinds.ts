/** Kinds of things that are completed by asking the hub for their names. */
export const nameKinds = [
  'account',
  'app',
  'dataset',
  'ensemble',
  'flow',
  'flow-batch',
  'flow-run',
  'instrument',
  'job',
  'project',
  'site',
  'transfer',
  'trigger',
  'web-input',
] as const;

/** One of {@link nameKinds}. */
export type NameKind = (typeof nameKinds)[number];
