import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { pagingOptions } from '../paging-options.ts';

/** `flow`: what to do. */
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
}
