import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { wholeNumber } from '../output/print-list.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';

/** `instrument`: what measures, and its shots. */
export function registerInstrument(program: Command): void {
  const instrument = program.command('instrument').description('what measures');
  withPaging(instrument.command('list').description('instruments and their clocks')).action(
    async (options, command) => {
      const { listInstruments } = await import('./instruments.ts');
      await listInstruments(await openContext(command), options);
    },
  );
  instrument
    .command('show <instrument>')
    .description('one instrument')
    .action(async (name, _, command) => {
      const { showInstrument } = await import('./instruments.ts');
      await showInstrument(await openContext(command), name);
    });
  withPaging(
    instrument
      .command('shots <instrument>')
      .description('its shots, newest first, and how soon they were answered'),
  ).action(async (name, options, command) => {
    const { listShots } = await import('./instruments.ts');
    await listShots(await openContext(command), name, options);
  });
  instrument
    .command('timing <instrument>')
    .description('how its last shots stood to their deadlines, and where the time went')
    .option('--shots <number>', 'so many of the last shots, at most 200', wholeNumber)
    .action(async (name, options, command) => {
      const { showTiming } = await import('./timing.ts');
      await showTiming(await openContext(command), name, options);
    });
  registerRuns(instrument);
}

/** Its runs: the table, and what is told of them. */
function registerRuns(instrument: Pick<Command, 'command'>): void {
  withPaging(
    instrument
      .command('runs <instrument>')
      .description('its run table, newest first: parameters, results, answers'),
  ).action(async (name, options, command) => {
    const { listRuns } = await import('./runs.ts');
    await listRuns(await openContext(command), name, options);
  });
  instrument
    .command('event <instrument> <kind> <run>')
    .description('tells what happened to a run: start, end, set, shot, due')
    .option('--parameter <name=value>', 'a parameter that was set (again for more)', several)
    .option('--at <instant>', 'when; now, when it is left out')
    .option('--next-shot-at <instant>', 'when the next shot is due (shot, due)')
    .option('--id <id>', 'tells it apart; the same event again changes nothing')
    .action(async (name, kind, run, options, command) => {
      const { tellEvent } = await import('./runs.ts');
      await tellEvent(await openContext(command), name, { kind, run }, options);
    });
  instrument
    .command('report <instrument> <run> <key=value...>')
    .description('adds results to a run, or changes them by their keys')
    .option('--unit <unit>', 'the unit of these values')
    .action(async (name, run, words, options, command) => {
      const { reportResults } = await import('./runs.ts');
      await reportResults(await openContext(command), name, run, words, options);
    });
}
