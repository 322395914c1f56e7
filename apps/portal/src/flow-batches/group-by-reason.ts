/** Things that failed for the same reason; ids and numbers in it do not make another one. */
export function groupByReason<T>(
  things: readonly T[],
  reasonOf: (thing: T) => string,
): { reason: string; members: T[] }[] {
  const groups = new Map<string, { reason: string; members: T[] }>();
  for (const thing of things) {
    const reason = reasonOf(thing);
    const form = reason.replaceAll(/\b[a-z]+_[0-9a-z]{20,}\b|\d+(\.\d+)?/g, '#');
    const group = groups.get(form);
    if (group === undefined) groups.set(form, { reason, members: [thing] });
    else group.members.push(thing);
  }
  return [...groups.values()].toSorted((one, other) => other.members.length - one.members.length);
}
