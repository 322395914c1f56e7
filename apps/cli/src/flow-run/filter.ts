import { Option } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { defined, oneOf, pairs, several } from '../read-input.ts';
import { wholeNumber } from '../output/print-list.ts';
import { timeAgoIfGiven } from '../read-time.ts';

/** Which flow runs, as the options say. */
export interface FlowRunFilterOptions {
  filter?: string | undefined;
  status?: string | undefined;
  flow?: string | undefined;
  project?: string | undefined;
  owner?: string | undefined;
  role?: string | undefined;
  instrument?: string | undefined;
  shot?: number | undefined;
  label?: string | undefined;
  tag?: string[] | undefined;
  trigger?: string | undefined;
  batch?: string | undefined;
  rerunOf?: string | undefined;
  dataset?: string | undefined;
  startedFrom?: string | undefined;
  startedBefore?: string | undefined;
  endedFrom?: string | undefined;
  endedBefore?: string | undefined;
}

const filters = ['all', 'active', 'waiting', 'failed', 'completed', 'late', 'willBeLate'] as const;
const roles = ['owner', 'manager', 'monitor', 'flowRunManager', 'flowRunMonitor'] as const;

const options = [
  new Option('--filter <filter>', filters.join(', ')),
  new Option(
    '--status <status>',
    'ACTIVE, INACTIVE, SUCCEEDED, FAILED, ENDED; several with commas',
  ),
  new Option('--flow <flow>', 'of one flow'),
  new Option('--project <project>', 'of one project'),
  new Option('--owner <name>', 'of one user or service account'),
  new Option('--role <part>', `in which you are ${roles.join(', ')}`),
  new Option('--instrument <name>', 'of one instrument'),
  new Option('--shot <number>', 'of one shot').argParser(wholeNumber),
  new Option('--label <text>', 'with this in the label'),
  new Option('--tag <name=value>', 'with this tag (again for more)').argParser(several),
  new Option('--trigger <name>', 'started by one trigger'),
  new Option('--batch <id>', 'of one bulk start'),
  new Option('--rerun-of <flow-run>', 'that do this one again'),
  new Option('--dataset <id>', 'started for one dataset'),
  new Option('--started-from <when>', 'started then or later: an instant, or 30m, 12h, 7d ago'),
  new Option('--started-before <when>', 'started before'),
  new Option('--ended-from <when>', 'ended then or later'),
  new Option('--ended-before <when>', 'ended before'),
];

/** Adds the options by which flow runs are chosen; {@link filterOptions} reads them. */
export function addFilterOptions(command: { addOption(option: Option): unknown }): void {
  for (const option of options) command.addOption(option);
}

/** What was given of {@link addFilterOptions}. */
export function filterOptions(command: { opts(): object }): FlowRunFilterOptions {
  return command.opts();
}

/** The filter as the API wants it. @throws DomainError invalid. */
export function filterOf(context: Context, options: FlowRunFilterOptions) {
  const { status, flow, project, owner, instrument, label, trigger, batch, dataset } = options;
  const ago = (flag: string, text: string | undefined) => timeAgoIfGiven(flag, text, context.nowAt);
  const tags = Object.entries(pairs(options.tag)).map(([name, value]) => `${name}:${value}`);
  return defined({
    filter: oneOf('--filter', filters, options.filter),
    role: oneOf('--role', roles, options.role),
    ...{ status, flow, project, owner, instrument, label, trigger, batch, dataset },
    shot: options.shot,
    tags: tags.length > 0 ? tags.join(',') : undefined,
    rerunOf: options.rerunOf,
    startedFrom: ago('--started-from', options.startedFrom),
    startedBefore: ago('--started-before', options.startedBefore),
    endedFrom: ago('--ended-from', options.endedFrom),
    endedBefore: ago('--ended-before', options.endedBefore),
  });
}
