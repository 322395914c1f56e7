import type { Command, OptionValues } from '@commander-js/extra-typings';
import { defined, pairs, readUrgency, several } from '../read-input.ts';
import { timeAgoIfGiven } from '../read-time.ts';

/** Which jobs, as flags. */
export interface JobFilterOptions {
  state?: string | undefined;
  site?: string | undefined;
  app?: string | undefined;
  project?: string | undefined;
  flowRun?: string | undefined;
  ensemble?: string | undefined;
  pilot?: string | undefined;
  createdBy?: string | undefined;
  parent?: string | undefined;
  urgency?: string | undefined;
  label?: string | undefined;
  tag?: string[] | undefined;
  reason?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  mine?: boolean | undefined;
}

/** Adds the flags that choose jobs: all verbs that choose have the same. */
export function withJobFilter<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option('--state <states>', 'one, several with commas, or open')
    .option('--site <site>', 'at one site')
    .option('--app <app>', 'of one app')
    .option('--project <project>', 'of one project')
    .option('--flow-run <id>', 'of one flow run')
    .option('--ensemble <id>', 'of one ensemble')
    .option('--pilot <id>', 'held by one pilot')
    .option('--created-by <job>', 'that this job submitted while it ran')
    .option('--parent <job>', 'that depend on this job')
    .option('--urgency <urgency>', 'urgent, normal or backfill')
    .option('--label <text>', 'with this in the label')
    .option('--tag <name=value>', 'with this tag (again for more)', several)
    .option('--reason <text>', 'with this in the reason')
    .option('--after <when>', 'submitted after: an instant, or 30m, 12h, 7d ago')
    .option('--before <when>', 'submitted before')
    .option('--mine', 'my own');
}

/**
 * The filter that the flags stand for, without what was not said.
 * @throws DomainError invalid, for a flag that cannot be read.
 */
export function jobFilter(options: JobFilterOptions, nowAt: string) {
  const { state, site, app, project, flowRun, ensemble, pilot, label, reason } = options;
  const { createdBy, parent } = options;
  const tags = Object.entries(pairs(options.tag)).map(([name, value]) => `${name}:${value}`);
  return defined({
    state,
    site,
    app,
    project,
    flowRun,
    ensemble,
    pilot,
    createdBy,
    parent,
    urgency: readUrgency(options.urgency),
    label,
    reason,
    tags: tags.length > 0 ? tags.join(',') : undefined,
    createdAfter: timeAgoIfGiven('--after', options.after, nowAt),
    createdBefore: timeAgoIfGiven('--before', options.before, nowAt),
  });
}
