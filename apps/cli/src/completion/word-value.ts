import { flowRunFilters } from '@interpulse/api/routes/flow-run-filter.ts';
import { flowRunStatusSchema } from '@interpulse/domain/flow-run/flow-run.ts';
import { urgencySchema } from '@interpulse/domain/job/urgency.ts';
import { firingOutcomes } from '@interpulse/domain/trigger/trigger-firing.ts';
import type { NameKind } from './name-kinds.ts';

/** What may stand at a place: names that the hub knows, one of some words, a file, any text. */
export type WordValue =
  | { kind: 'names'; of: NameKind }
  | { kind: 'words'; words: readonly string[] }
  | { kind: 'files' }
  | { kind: 'text' };

/** Arguments by what the help calls them, also in the plural. */
const argumentNames: Readonly<Record<string, NameKind>> = {
  flow: 'flow',
  'flow-run': 'flow-run',
  'flow-batch': 'flow-batch',
  trigger: 'trigger',
  'web-input': 'web-input',
  job: 'job',
  ensemble: 'ensemble',
  site: 'site',
  transfer: 'transfer',
  dataset: 'dataset',
  app: 'app',
  instrument: 'instrument',
  project: 'project',
};

/** Options whose values the hub knows, as they are declared. */
const optionNames: Readonly<Record<string, NameKind>> = {
  '--flow <flow>': 'flow',
  '--flow <name>': 'flow',
  '--flow-run <id>': 'flow-run',
  '--rerun-of <flow-run>': 'flow-run',
  '--batch <id>': 'flow-batch',
  '--trigger <name>': 'trigger',
  '--instrument <name>': 'instrument',
  '--dataset <id>': 'dataset',
  '--derived-from <dataset>': 'dataset',
  '--project <project>': 'project',
  '--project <name>': 'project',
  '--app <app>': 'app',
  '--site <site>': 'site',
  '--site <sites>': 'site',
  '--parent <job>': 'job',
  '--created-by <job>': 'job',
  '--job <id>': 'job',
  '--ensemble <id>': 'ensemble',
  '--account <name>': 'account',
};

const optionWords: Readonly<Record<string, readonly string[]>> = {
  '--urgency <urgency>': urgencySchema.options,
  '--status <status>': flowRunStatusSchema.options,
  '--filter <filter>': flowRunFilters,
  '--filter <which>': ['mine', 'open', 'ended', 'all'],
  '--order <order>': ['started', 'ended', 'deadline'],
  '--outcome <outcome>': firingOutcomes,
  '--on <occasion>': ['failed', 'canceled', 'succeeded', 'late', 'waiting', 'paused'],
};

const filePlaceholder = /<(?:file|folder|paths?|config)(?:\.\.\.)?>/;

/** What an argument of a command may be. */
export function argumentValue(name: string, choices: readonly string[] | undefined): WordValue {
  if (choices !== undefined) return { kind: 'words', words: choices };
  const of = argumentNames[name] ?? argumentNames[name.replace(/s$/, '')];
  if (of !== undefined) return { kind: 'names', of };
  return { kind: /^files?$/.test(name) ? 'files' : 'text' };
}

/** What the value of an option may be, by its declaration, such as `--flow <flow>`. */
export function optionValue(flags: string, choices: readonly string[] | undefined): WordValue {
  if (choices !== undefined) return { kind: 'words', words: choices };
  const declared = flags.replace(/^-\w, /, '');
  const of = optionNames[declared];
  if (of !== undefined) return { kind: 'names', of };
  const words = optionWords[declared];
  if (words !== undefined) return { kind: 'words', words };
  return { kind: filePlaceholder.test(declared) ? 'files' : 'text' };
}
