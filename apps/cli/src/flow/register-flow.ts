import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { pagingOptions } from '../paging-options.ts';
import { several } from '../read-input.ts';

/** `flow` and `trigger`: what to do, and when. */
export function registerFlow(program: Command): void {
  const flow = program.command('flow').description('definitions of what to do');
  flow
    .command('list')
    .description('flows, by name')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (options, command) => {
      const { listFlows } = await import('./flows.ts');
      await listFlows(await openContext(command), options);
    });
  flow
    .command('show <flow>')
    .description('one flow in its newest version')
    .action(async (name, _, command) => {
      const { showFlow } = await import('./flows.ts');
      await showFlow(await openContext(command), name);
    });
  flow
    .command('save <file>')
    .description('add a flow or a new version of it from a JSON file (- for standard input)')
    .option('--name <name>', 'its name, when the file does not say')
    .option('--project <project>', 'the project that owns it')
    .action(async (file, options, command) => {
      const { saveFlow } = await import('./flows.ts');
      await saveFlow(await openContext(command), { file, ...options });
    });
  flow
    .command('import <files...>')
    .description('add flows from definitions written for Globus, JSON or YAML, as they are')
    .option('--check', 'only say whether each imports, and what it needs mapped')
    .option('--name <name>', 'its name, for one file; else the name of the file')
    .option('--project <project>', 'the project that owns them')
    .action(async (files, options, command) => {
      const { importFlows } = await import('./import-flows.ts');
      await importFlows(await openContext(command), { files, ...options });
    });
  registerTrigger(program);
}

function registerTrigger(program: Command): void {
  const trigger = program.command('trigger').description('what starts a flow');
  trigger
    .command('list')
    .description('triggers, by name')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (options, command) => {
      const { listTriggers } = await import('./triggers.ts');
      await listTriggers(await openContext(command), options);
    });
  trigger
    .command('save <trigger>')
    .description('add or change a trigger')
    .requiredOption('--instrument <name>', 'whose files')
    .requiredOption('--flow <name>', 'which flow to start')
    .option('--pattern <pattern>', 'which files: * within a name, ** across folders', '/**')
    .option('--deadline <rule>', 'nextShot, none, or seconds', 'nextShot')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'urgent')
    .option('--input <name=value>', 'a constant of the input (again for more)', several)
    .option('--project <project>', 'the project that owns it')
    .option('--disabled', 'keep it, but do not start anything')
    .action(async (name, options, command) => {
      const { saveTrigger } = await import('./triggers.ts');
      await saveTrigger(await openContext(command), { name, ...options });
    });
  trigger
    .command('delete <trigger>')
    .description('delete a trigger')
    .action(async (name, _, command) => {
      const { deleteTrigger } = await import('./triggers.ts');
      await deleteTrigger(await openContext(command), name);
    });
}
