import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { positiveNumber, wholeNumber } from '../output/print-list.ts';
import { pagingOptions } from '../paging-options.ts';
import { several } from '../read-input.ts';

/** `job`: executions of apps and commands. */
export function registerJob(program: Command): void {
  const job = program.command('job').description('executions of apps and commands on sites');
  registerSubmit(job);
  job
    .command('list')
    .description('jobs, newest first')
    .option('--state <states>', 'one, several with commas, or open')
    .option('--site <site>', 'at one site')
    .option('--app <app>', 'of one app')
    .option('--project <project>', 'of one project')
    .option('--flow-run <id>', 'of one flow run')
    .option('--label <text>', 'with this label')
    .option('--mine', 'my own')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (options, command) => {
      const { listJobs } = await import('./list.ts');
      await listJobs(await openContext(command), options);
    });
  job
    .command('show <job>')
    .description('one job with its attempts')
    .action(async (id, _, command) => {
      const { showJob } = await import('./show.ts');
      await showJob(await openContext(command), id);
    });
  job
    .command('explain <job>')
    .description('why it waits, runs where it runs, or failed')
    .action(async (id, _, command) => {
      const { explainJob } = await import('./show.ts');
      await explainJob(await openContext(command), id);
    });
  job
    .command('log <job>')
    .description('the end of what it printed')
    .option('--stderr', 'what it printed to standard error')
    .option('--attempt <number>', 'of an earlier attempt', wholeNumber)
    .action(async (id, options, command) => {
      const { printJobLog } = await import('./show.ts');
      await printJobLog(await openContext(command), { id, ...options });
    });
  job
    .command('follow <job>')
    .description('show its states until it ends; fails when it fails')
    .action(async (id, _, command) => {
      const { followJob } = await import('./follow.ts');
      await followJob(await openContext(command), id);
    });
  job
    .command('cancel <job>')
    .description('cancel it; a running one gets TERM, then KILL')
    .action(async (id, _, command) => {
      const { cancelJob } = await import('./show.ts');
      await cancelJob(await openContext(command), id);
    });
}

function registerSubmit(job: Command): void {
  job
    .command('submit [command...]')
    .description('submit an app (--app), a plain command (after --), or many jobs (--file)')
    .option('--app <app>', 'the app to run')
    .option('--parameter <name=value>', 'of the app (again for more)', several)
    .option('--input <name=location>', 'an input file, collection:/path (again for more)', several)
    .option('--output <name=path>', 'a file to keep of a plain command (again for more)', several)
    .option('--file <file>', 'a JSON list of job requests (- for standard input)')
    .option('--site <sites>', 'any, one site, or several with commas', 'any')
    .option('--label <text>', 'for people')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'normal')
    .option('--deadline <when>', 'seconds from now, or an instant')
    .option('--nodes <count>', 'nodes', wholeNumber)
    .option('--cores <count>', 'cores of a node', wholeNumber)
    .option('--gpus <count>', 'GPUs of a node', positiveNumber)
    .option('--memory <MiB>', 'memory of a node', wholeNumber)
    .option('--walltime <seconds>', 'how long it may run', wholeNumber)
    .option('--environment <name=value>', 'a variable (again for more)', several)
    .option('--tag <name=value>', 'to find it again (again for more)', several)
    .option('--project <project>', 'who pays')
    .option('--follow', 'wait for its end')
    .action(async (words, options, command) => {
      const { submitJobs } = await import('./submit.ts');
      await submitJobs(await openContext(command), { command: words, ...options });
    });
}
