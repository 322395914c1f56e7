import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';

/** `trigger`: what starts flows by itself. */
export function registerTrigger(program: Command): void {
  const trigger = program.command('trigger').description('what starts flows by itself');
  withPaging(
    trigger
      .command('list')
      .description('triggers, by name, and what they did in the last 24 hours'),
  ).action(async (options, command) => {
    const { listTriggers } = await import('./show-triggers.ts');
    await listTriggers(await openContext(command), options);
  });
  trigger
    .command('show <trigger>')
    .description('one trigger, its last events, and why it did not fire')
    .action(async (name, _, command) => {
      const { showTrigger } = await import('./show-triggers.ts');
      await showTrigger(await openContext(command), name);
    });
  withPaging(
    trigger
      .command('firings <trigger>')
      .description('events at a trigger and what became of them, newest first')
      .option('--outcome <outcome>', 'only these: fired, failed, limited, filtered, paused, …'),
  ).action(async (name, options, command) => {
    const { listFirings } = await import('./show-triggers.ts');
    await listFirings(await openContext(command), name, options);
  });
  registerChanges(trigger);
  registerTrials(trigger);
}

function registerChanges(trigger: Command): void {
  trigger
    .command('save <trigger> [file]')
    .description('add or change a trigger from a JSON or YAML file, or one for files by options')
    .option('--instrument <name>', 'without a file: whose files')
    .option('--flow <name>', 'without a file: which flow to start')
    .option('--pattern <pattern>', 'which files: * within a name, ** across folders', '/**')
    .option('--deadline <rule>', 'nextShot, none, or seconds', 'nextShot')
    .option('--urgency <urgency>', 'urgent, normal or backfill', 'urgent')
    .option('--input <name=value>', 'a constant of the input (again for more)', several)
    .option('--project <project>', 'the project that owns it')
    .option('--disabled', 'keep it, but do not start anything')
    .action(async (name, file, options, command) => {
      const { saveTrigger } = await import('./save-trigger.ts');
      await saveTrigger(await openContext(command), { name, file, ...options });
    });
  trigger
    .command('pause <trigger>')
    .description('its events are noted and start nothing')
    .requiredOption('--reason <text>', 'why: people will read it')
    .action(async (name, { reason }, command) => {
      const { pauseTrigger } = await import('./change-trigger.ts');
      await pauseTrigger(await openContext(command), name, reason);
    });
  trigger
    .command('resume <trigger>')
    .description('let it go on')
    .action(async (name, _, command) => {
      const { resumeTrigger } = await import('./change-trigger.ts');
      await resumeTrigger(await openContext(command), name);
    });
  trigger
    .command('rotate-secret <trigger>')
    .description('give a webhook a new secret, and print it this once')
    .option('--grace <seconds>', 'the secret before is good for so long still', '0')
    .option('--secret-file <file>', 'take the one that the sender made from a file (- is stdin)')
    .action(async (name, options, command) => {
      const { rotateSecret } = await import('./change-trigger.ts');
      await rotateSecret(await openContext(command), name, options);
    });
  trigger
    .command('delete <trigger>')
    .description('delete a trigger with what it remembers of events')
    .action(async (name, _, command) => {
      const { deleteTrigger } = await import('./change-trigger.ts');
      await deleteTrigger(await openContext(command), name);
    });
}

function registerTrials(trigger: Command): void {
  trigger
    .command('dry-run <trigger>')
    .description('what a saved trigger, or one in a file, would have done; nothing is started')
    .option('--from <when>', 'an instant, or how long ago: 36h, 7d', '24h')
    .option('--to <when>', 'an instant, or how long ago', '0s')
    .option('--name <name>', 'the name of the trigger in the file, for deliveries of its webhook')
    .action(async (source, options, command) => {
      const { dryRunTrigger } = await import('./dry-run-trigger.ts');
      await dryRunTrigger(await openContext(command), { source, ...options });
    });
  trigger
    .command('event <trigger>')
    .description('the last event that it listens to, or an example when there was none')
    .action(async (name, _, command) => {
      const { showLastEvent } = await import('./last-event.ts');
      await showLastEvent(await openContext(command), name);
    });
  trigger
    .command('fire <trigger>')
    .description('fire it by hand, with its last event or one of your own')
    .option('--last', 'with the last event that it listens to')
    .option('--event <file>', 'the event as JSON or YAML (- for standard input)')
    .option('--set <name=value>', 'a member of the event (again for more)', several)
    .action(async (name, options, command) => {
      const { fireTrigger } = await import('./change-trigger.ts');
      await fireTrigger(await openContext(command), { name, ...options });
    });
}
