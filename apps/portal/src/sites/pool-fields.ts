import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Settings = Schemas['PoolSettings'];
type NumberName = 'minWarm' | 'maxPilots' | 'nodesPerPilot' | 'walltimeSeconds' | 'idleSeconds';

/** What administrators may set of a pool, and in which words. */
export const poolFields: {
  name: NumberName;
  label: string;
  least: number;
  /** A length of time, written as people do. */
  isSpan: boolean;
}[] = [
  { name: 'minWarm', label: 'Pilots kept warm', least: 0, isSpan: false },
  { name: 'maxPilots', label: 'Pilots at most', least: 0, isSpan: false },
  { name: 'nodesPerPilot', label: 'Nodes of a pilot', least: 1, isSpan: false },
  { name: 'walltimeSeconds', label: 'Walltime of a pilot', least: 60, isSpan: true },
  { name: 'idleSeconds', label: 'Leaves after being idle', least: 1, isSpan: true },
];

/** The settings that differ: what is left out of a change stays as it is. */
export function changedSettings(before: Settings, after: Settings): Partial<Settings> {
  const changed = Object.entries(after).filter(
    ([name, value]) => before[name as keyof Settings] !== value,
  );
  return Object.fromEntries(changed);
}

/** What is wrong with a setting, in words; null when it may be saved. */
export function settingFault(
  name: NumberName,
  settings: Settings,
  limits: Settings,
): string | null {
  const field = poolFields.find((each) => each.name === name);
  const value = settings[name];
  if (field === undefined) return null;
  if (!Number.isInteger(value)) return 'a whole number is needed';
  if (value < field.least) return `at least ${field.least}`;
  if (value > limits[name]) return 'more than the site allows';
  if (name === 'minWarm' && value > settings.maxPilots) return 'more than there are at most';
  return null;
}
