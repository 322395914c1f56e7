import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { anyWholeNumber, positiveNumber, wholeNumber } from '../output/print-list.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';
import { wholeSeconds } from '../read-time.ts';
import { withJobFilter } from './job-filter.ts';

/** `job`: executions of apps and commands. */
export function registerJob(program: Command): void {
  const job = program.command('job').description('executions of apps and commands on sites');
  registerSubmit(job);
  withPaging(withJobFilter(job.command('list').description('jobs, newest first'))).action(
    async (options, command) => {
      const { listJobs } = await import('./list.ts');
      await listJobs(await openContext(command), options);
    },
  );
  registerSelections(job);
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
    .option('--follow', 'and what it prints from now on, until it ends')
    .action(async (id, options, command) => {
      const { printJobLog } = await import('./log.ts');
      await printJobLog(await openContext(command), { id, ...options });
    });
  job
    .command('get <job> [outputs...]')
    .description('fetch its small outputs (large ones travel with: job submit --return-to)')
    .option('--folder <folder>', 'where to', '.')
    .action(async (id, names, options, command) => {
      const { getJobFiles } = await import('./get.ts');
      await getJobFiles(await openContext(command), id, { names, ...options });
    });
  job
    .command('follow <job>')
    .description('show its states until it ends; fails when it fails')
    .action(async (id, _, command) => {
      const { followJob } = await import('./follow.ts');
      await followJob(await openContext(command), id);
    });
  job
    .command('wait <jobs...>')
    .description('until all have ended; fails unless all completed')
    .option('--timeout <time>', 'not longer than: seconds, 10m, 2h; exit code 6 then')
    .action(async (ids, options, command) => {
      const { waitForJobs } = await import('./wait.ts');
      await waitForJobs(await openContext(command), ids, options);
    });
}

function registerSelections(job: Command): void {
  withJobFilter(job.command('count').description('how many jobs, by state')).action(
    async (options, command) => {
      const { countJobs } = await import('./select.ts');
      await countJobs(await openContext(command), options);
    },
  );
  withJobFilter(
    job
      .command('cancel [jobs...]')
      .description('cancel these, or all that the flags choose; running ones get TERM, then KILL'),
  ).action(async (jobIds, options, command) => {
    const { cancelJobs } = await import('./select.ts');
    await cancelJobs(await openContext(command), { jobIds, ...options });
  });
  withJobFilter(
    job
      .command('retry [jobs...]')
      .description('run failed and canceled ones again, and what failed because of them'),
  ).action(async (jobIds, options, command) => {
    const { retryJobs } = await import('./select.ts');
    await retryJobs(await openContext(command), { jobIds, ...options });
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
    .option('--file <file>', 'job requests, JSON or YAML (- for standard input)')
    .option('--sweep <name=values>', 'a job for each: a,b,c or 1..10 or 0..100:5', several)
    .option('--ensemble <label>', 'make one ensemble of all')
    .option('--site <sites>', 'any, one site, several with commas, or label:NAME', 'any')
    .option('--label <text>', 'for people')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'normal')
    .option('--deadline <when>', 'when it is due: seconds from now, 10m, 2h, or an instant')
    .option('--priority <number>', 'among jobs of one urgency, greater first', anyWholeNumber)
    .option('--parent <job>', 'starts when this has completed (again for more)', several)
    .option('--on-parent-failure <what>', 'fail (default) or run')
    .option('--return-to <location>', 'bring the outputs to this folder')
    .option('--placement <strategy>', 'earliestFinish, shortestBacklog or roundRobin')
    .option('--allocation <account>', 'charged at the site')
    .option('--retries <count>', 'further attempts when it fails', wholeNumber)
    .option('--timeout-retries <count>', 'further attempts when its time is over', wholeNumber)
    .option('--restartable', 'it goes on where it stopped')
    .option('--may-use-hub', 'give it a token of its own, to submit and cancel jobs')
    .option('--nodes <count>', 'nodes', wholeNumber)
    .option('--ranks <count>', 'MPI ranks of a node', wholeNumber)
    .option('--cores <count>', 'cores of a node', wholeNumber)
    .option('--threads <count>', 'threads of a rank', wholeNumber)
    .option('--gpus <count>', 'GPUs of a node', positiveNumber)
    .option('--memory <MiB>', 'memory of a node, in MiB', wholeNumber)
    .option('--walltime <time>', 'how long it may run: seconds, 10m or 2h', wholeSeconds)
    .option('--environment <name=value>', 'a variable (again for more)', several)
    .option('--tag <name=value>', 'to find it again (again for more)', several)
    .option('--project <project>', 'who pays')
    .option('--follow', 'wait for its end')
    .action(async (words, options, command) => {
      const { submitJobs } = await import('./submit.ts');
      await submitJobs(await openContext(command), { command: words, ...options });
    });
}
