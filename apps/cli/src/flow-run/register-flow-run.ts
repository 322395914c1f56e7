import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { pagingOptions } from '../paging-options.ts';
import { several } from '../read-input.ts';

/** `flow-run`: executions of flows. */
export function registerFlowRun(program: Command): void {
  const run = program.command('flow-run').description('executions of flows');
  registerStart(run);
  run
    .command('list')
    .description('flow runs, newest first')
    .option('--filter <filter>', 'all, active, waiting, failed or completed', 'all')
    .option('--flow <flow>', 'of one flow')
    .option('--instrument <name>', 'of one instrument')
    .option('--project <project>', 'of one project')
    .option('--label <text>', 'with this label')
    .option('--mine', 'my own')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (options, command) => {
      const { listFlowRuns } = await import('./list.ts');
      await listFlowRuns(await openContext(command), options);
    });
  run
    .command('show <flow-run>')
    .description('one flow run with its steps')
    .action(async (id, _, command) => {
      const { showFlowRun } = await import('./show.ts');
      await showFlowRun(await openContext(command), id);
    });
  run
    .command('follow <flow-run>')
    .description('show its steps until it ends; fails when it fails')
    .action(async (id, _, command) => {
      const { followFlowRun } = await import('./follow.ts');
      await followFlowRun(await openContext(command), id);
    });
  run
    .command('log <flow-run>')
    .description('its log')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (id, options, command) => {
      const { printFlowRunLog } = await import('./show.ts');
      await printFlowRunLog(await openContext(command), id, options);
    });
  run
    .command('cancel <flow-run>')
    .description('cancel it and what it started')
    .action(async (id, _, command) => {
      const { cancelFlowRun } = await import('./show.ts');
      await cancelFlowRun(await openContext(command), id);
    });
}

function registerStart(run: Command): void {
  run
    .command('start <flow>')
    .description('start a flow')
    .option('--input <name=value>', 'a field of the input (again for more)', several)
    .option('--input-file <file>', 'the whole input document (JSON; - for standard input)')
    .option('--label <text>', 'for people')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'normal')
    .option('--deadline <when>', 'seconds from now, or an instant')
    .option('--tag <name=value>', 'to find it again (again for more)', several)
    .option('--project <project>', 'who pays')
    .option('--follow', 'wait for its end, showing its steps')
    .action(async (flow, options, command) => {
      const { startFlowRun } = await import('./start.ts');
      await startFlowRun(await openContext(command), { flow, ...options });
    });
}
