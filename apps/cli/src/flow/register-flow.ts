import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';
import { wholeNumber } from '../output/print-list.ts';

/** `flow`: what to do. */
export function registerFlow(program: Command): void {
  const flow = program.command('flow').description('definitions of what to do');
  withPaging(
    flow
      .command('list')
      .description('flows, by name')
      .option('--project <project>', 'of one project')
      .option('--search <text>', 'with this in the name, the title or the description')
      .option('--archived', 'those that were put away'),
  ).action(async (options, command) => {
    const { listFlows } = await import('./flows.ts');
    await listFlows(await openContext(command), options);
  });
  flow
    .command('show <flow>')
    .alias('get')
    .description('one flow in its newest version, or another one')
    .option('--version <number>', 'this version', wholeNumber)
    .action(async (name, options, command) => {
      const { showFlow } = await import('./flows.ts');
      await showFlow(await openContext(command), { flow: name, ...options });
    });
  flow
    .command('save <file>')
    .description(
      'add a flow or a new version of it from JSON or YAML (- for JSON on standard input)',
    )
    .option('--name <name>', 'its name, when the file does not say')
    .option('--project <project>', 'the project that owns it')
    .option('--account <name>', 'the service account that it acts as')
    .action(async (file, options, command) => {
      const { saveFlow } = await import('./flows.ts');
      await saveFlow(await openContext(command), { file, ...options });
    });
  flow
    .command('check <files...>')
    .description('say what is wrong with definitions, with line and column')
    .action(async (files, _, command) => {
      const { checkFlows } = await import('./check-flows.ts');
      await checkFlows(await openContext(command), files);
    });
  registerVersions(flow);
  registerShare(flow);
  flow
    .command('import <files...>')
    .description('add flows from definitions written for Globus, JSON or YAML, as they are')
    .option('--check', 'only say whether each imports, and what it needs mapped')
    .option('--name <name>', 'its name, for one file; else the name of the file')
    .option('--project <project>', 'the project that owns them')
    .option('--account <name>', 'the service account that they act as')
    .option('--role <role=account>', 'whom RunAs means by a role (again for more)', several)
    .action(async (files, options, command) => {
      const { importFlows } = await import('./import-flows.ts');
      await importFlows(await openContext(command), { files, ...options });
    });
}

function registerVersions(flow: Command): void {
  withPaging(
    flow.command('versions <flow>').description('the versions of a flow, newest first'),
  ).action(async (name, options, command) => {
    const { listVersions } = await import('./versions.ts');
    await listVersions(await openContext(command), name, options);
  });
  flow
    .command('diff <flow>')
    .description('what changed between two versions')
    .option('--from <number>', 'this version (default: the one before)', wholeNumber)
    .option('--to <number>', 'that version (default: the newest)', wholeNumber)
    .action(async (name, options, command) => {
      const { diffVersions } = await import('./versions.ts');
      await diffVersions(await openContext(command), { flow: name, ...options });
    });
  flow
    .command('restore <flow>')
    .description('save an old version as the newest')
    .requiredOption('--version <number>', 'this version', wholeNumber)
    .action(async (name, { version }, command) => {
      const { restoreVersion } = await import('./versions.ts');
      await restoreVersion(await openContext(command), name, version);
    });
  flow
    .command('archive <flow>')
    .alias('delete')
    .description('put a flow away: it cannot be started; its flow runs stay')
    .option('--undo', 'bring it back')
    .action(async (name, options, command) => {
      const { archiveFlow } = await import('./versions.ts');
      await archiveFlow(await openContext(command), name, options.undo !== true);
    });
}

function registerShare(flow: Command): void {
  flow
    .command('share <flow>')
    .description('give people parts in a flow: names, project:NAME or everyone')
    .option('--starter <who>', 'may see and start it (again for more)', several)
    .option('--viewer <who>', 'may see it', several)
    .option('--administrator <who>', 'may change and share it', several)
    .option('--run-manager <who>', 'may see, cancel and resume its flow runs', several)
    .option('--run-monitor <who>', 'may see its flow runs', several)
    .option('--remove <who>', 'takes all parts away', several)
    .option('--account <name>', 'the service account that it acts as (none for none)')
    .option('--role <role=account>', 'whom RunAs means by a role', several)
    .action(async (name, options, command) => {
      const { shareFlow } = await import('./share.ts');
      await shareFlow(await openContext(command), { flow: name, ...options });
    });
  flow
    .command('notify <flow>')
    .description('say who is told of its flow runs, beside those who asked for it')
    .option('--on <occasion>', 'failed, canceled, succeeded, late, waiting (again)', several)
    .option(
      '--to <place>',
      'owner, managers, respondents, user:NAME, mail:ADDRESS, chat:ROOM, webhook:URL (again)',
      several,
    )
    .option('--clear', 'drop the rules that there are')
    .action(async (name, options, command) => {
      const { notifyOfFlow } = await import('./notify.ts');
      await notifyOfFlow(await openContext(command), { flow: name, ...options });
    });
}
