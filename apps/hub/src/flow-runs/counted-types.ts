/** Types of states that count as steps of a flow run for people: those that do something. */
export const countedTypes: ReadonlySet<string> = new Set([
  'Action',
  'AwaitWebInput',
  'Map',
  'Parallel',
]);
