import { Option, type Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { addFilterOptions, filterOptions } from './filter.ts';
import { wholeNumber } from '../output/print-list.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';

/** `flow-run`: executions of flows. */
export function registerFlowRun(program: Command): void {
  const run = program.command('flow-run').description('executions of flows');
  registerStart(run);
  registerList(run);
  run
    .command('show <flow-run>')
    .description('one flow run with its steps, those inside its items summed up when they are many')
    .action(async (id, _, command) => {
      const { showFlowRun } = await import('./show.ts');
      await showFlowRun(await openContext(command), id);
    });
  withPaging(
    run
      .command('steps <flow-run>')
      .description('its steps, those inside items too')
      .option('--path <path>', 'inside a state (Each) or one of its items (Each[3])')
      .option('--state <name>', 'of this state')
      .addOption(
        new Option('--status <status>', 'that stand so').choices([
          'active',
          'succeeded',
          'failed',
          'canceled',
        ]),
      )
      .option('--newest-first', 'from the end'),
  ).action(async (id, options, command) => {
    const { listSteps } = await import('./steps.ts');
    await listSteps(await openContext(command), id, options);
  });
  run
    .command('follow <flow-run>')
    .description('show its steps until it ends; fails when it fails')
    .action(async (id, _, command) => {
      const { followFlowRun } = await import('./follow.ts');
      await followFlowRun(await openContext(command), id);
    });
  run
    .command('wait <flow-runs...>')
    .description('until all have ended; fails unless all succeeded')
    .option('--timeout <time>', 'not longer than: seconds, 10m, 2h; exit code 6 then')
    .action(async (ids, options, command) => {
      const { waitForFlowRuns } = await import('./wait.ts');
      await waitForFlowRuns(await openContext(command), ids, options);
    });
  registerLog(run);
  registerChange(run);
  registerBulk(run);
}

function registerList(run: Command): void {
  const list = run.command('list').description('flow runs in an order');
  addFilterOptions(list);
  withPaging(
    list
      .option('--mine', 'my own')
      .option(
        '--order <order>',
        'started, ended (newest first), deadline (under way, next first)',
        'started',
      ),
  ).action(async (options, command) => {
    const { listFlowRuns } = await import('./list.ts');
    await listFlowRuns(await openContext(command), { ...filterOptions(command), ...options });
  });
  const count = run.command('count').description('how many flow runs, by status');
  addFilterOptions(count);
  count.option('--mine', 'my own').action(async (options, command) => {
    const { countFlowRuns } = await import('./list.ts');
    await countFlowRuns(await openContext(command), { ...filterOptions(command), ...options });
  });
}

function registerLog(run: Command): void {
  withPaging(
    run
      .command('log <flow-run>')
      .description('its log')
      .option('--newest-first', 'from the end')
      .option('--to <file>', 'all of it into a file, a JSON object on each line'),
  ).action(async (id, options, command) => {
    const context = await openContext(command);
    if (options.to === undefined) {
      const { printFlowRunLog } = await import('./show.ts');
      await printFlowRunLog(context, id, options);
    } else {
      const { downloadLog } = await import('./change.ts');
      await downloadLog(context, id, options.to);
    }
  });
  run
    .command('output <flow-run>')
    .description('its state document; its output once it has ended')
    .action(async (id, _, command) => {
      const { printOutput } = await import('./change.ts');
      await printOutput(await openContext(command), id);
    });
}

function registerChange(run: Command): void {
  run
    .command('change <flow-run>')
    .description(
      'change its label, tags, people or deadline; what is given replaces what there was',
    )
    .option('--label <text>', 'for people')
    .option('--tag <name=value>', 'to find it again (again for more)', several)
    .option('--manager <who>', 'may change, cancel and resume it (again for more)', several)
    .option('--monitor <who>', 'may see it and its log (again for more)', several)
    .option('--deadline <when>', 'seconds from now, 10m, 2h, an instant, or none')
    .action(async (id, options, command) => {
      const { changeFlowRun } = await import('./change.ts');
      await changeFlowRun(await openContext(command), id, options);
    });
  run
    .command('resume <flow-run>')
    .description('go on with one that waits for a person')
    .action(async (id, _, command) => {
      const { resumeFlowRun } = await import('./change.ts');
      await resumeFlowRun(await openContext(command), id);
    });
  const cancel = run
    .command('cancel [flow-runs...]')
    .description('cancel them and what they started');
  addFilterOptions(cancel);
  cancel.option('--dry-run', 'only say how many').action(async (flowRunIds, options, command) => {
    const { cancelFlowRun, cancelFlowRuns } = await import('./change.ts');
    const context = await openContext(command);
    const [only, ...others] = flowRunIds;
    const isOne = only !== undefined && others.length === 0 && options.dryRun !== true;
    if (isOne) await cancelFlowRun(context, only);
    else await cancelFlowRuns(context, { flowRunIds, ...filterOptions(command), ...options });
  });
  const rerun = run
    .command('rerun [flow-runs...]')
    .description('do one again, or many as a bulk start: --filter failed and the like');
  addFilterOptions(rerun);
  rerun
    .option('--from <state>', 'failed, start, or the name of a state', 'failed')
    .option('--newest', 'with the newest version of the flow')
    .option('--set <name=value>', 'laid over the input, or over the document', several)
    .option('--set-file <file>', 'the same as a JSON file')
    .option('--urgency <urgency>', 'urgent, normal or backfill')
    .option('--deadline <when>', 'seconds from now, 10m, 2h, or an instant')
    .option('--new-label <text>', 'instead of the old one')
    .option('--new-tag <name=value>', 'for the new ones (again for more)', several)
    .option('--dry-run', 'only say how many')
    .option('--follow', 'wait for the end')
    .action(async (flowRunIds, options, command) => {
      const { rerunFlowRuns } = await import('./rerun.ts');
      await rerunFlowRuns(await openContext(command), {
        flowRunIds,
        ...filterOptions(command),
        ...options,
      });
    });
}

function registerBulk(run: Command): void {
  run
    .command('bulk <flow>')
    .description('start a flow over many inputs, or over datasets that are there')
    .option('--inputs <file>', 'a JSON list of inputs (- for standard input)')
    .option('--dataset <id>', 'over this dataset (again for more)', several)
    .option('--datasets <words>', 'over the datasets that a search finds')
    .option('--kind <kind>', 'raw or result, of the datasets')
    .option('--instrument <name>', 'of the datasets')
    .option('--newest <count>', 'only so many of the datasets that a search finds', wholeNumber)
    .option('--map <name=value>', "as in a state: 'input.$=$.file' (again for more)", several)
    .option('--mapping <file>', 'the same as a JSON file')
    .option('--label <text>', 'for people')
    .option('--tag <name=value>', 'to find them again (again for more)', several)
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'backfill')
    .option('--deadline <when>', 'seconds from now, 10m, 2h, or an instant')
    .option('--project <project>', 'who pays')
    .option('--dry-run', 'only say how many, and the input of the first')
    .option('--follow', 'wait for the end of all')
    .action(async (flow, options, command) => {
      const { startFlowRuns } = await import('./bulk.ts');
      await startFlowRuns(await openContext(command), { flow, ...options });
    });
  withPaging(
    run
      .command('batches')
      .description('bulk starts, newest first')
      .option('--flow <flow>', 'of one flow'),
  ).action(async (options, command) => {
    const { listBatches } = await import('./bulk.ts');
    await listBatches(await openContext(command), options);
  });
  run
    .command('batch <flow-batch>')
    .description('a bulk start, and what of it could not be started')
    .option('--cancel', 'start no more of it, and cancel those under way')
    .option('--follow', 'wait for its end; fails unless all succeeded')
    .action(async (id, options, command) => {
      const { showBatch } = await import('./bulk.ts');
      await showBatch(await openContext(command), id, options);
    });
}

function registerStart(run: Command): void {
  run
    .command('start <flow>')
    .description('start a flow')
    .option('--set <name=value>', 'a field of the input document (again for more)', several)
    .option('--input <name=value>', 'a field of `input` in that document, as in $.input', several)
    .option('--input-file <file>', 'the whole input document (JSON; - for standard input)')
    .option('--label <text>', 'for people; each adds its dataset, file or number')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'normal')
    .option('--deadline <when>', 'seconds from now, 10m, 2h, or an instant')
    .option('--tag <name=value>', 'to find it again (again for more)', several)
    .option('--project <project>', 'who pays')
    .option('--manager <who>', 'may change, cancel and resume it (again for more)', several)
    .option('--monitor <who>', 'may see it and its log (again for more)', several)
    .option('--follow', 'wait for its end, showing its steps')
    .action(async (flow, options, command) => {
      const { startFlowRun } = await import('./start.ts');
      await startFlowRun(await openContext(command), { flow, ...options });
    });
}
