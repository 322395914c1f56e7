import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { positiveNumber, wholeNumber } from '../output/print-list.ts';
import { withPaging } from '../with-paging.ts';

/** `site` and `pilot`: where work runs. */
export function registerSite(program: Command): void {
  const site = program.command('site').description('places where agents run');
  withPaging(site.command('list').description('sites, their state and load')).action(
    async (options, command) => {
      const { listSites } = await import('./sites.ts');
      await listSites(await openContext(command), options);
    },
  );
  site
    .command('show <site>')
    .description('one site')
    .action(async (name, _, command) => {
      const { showSite } = await import('./sites.ts');
      await showSite(await openContext(command), name);
    });
  site
    .command('add <site>')
    .description('make the one-time code with which its agent enrols')
    .action(async (name, _, command) => {
      const { addSite } = await import('./sites.ts');
      await addSite(await openContext(command), name);
    });
  registerChanges(site);
  registerPilot(program);
}

function registerPilot(program: Command): void {
  withPaging(
    program
      .command('pilot')
      .description('batch jobs of ours that run jobs')
      .command('list')
      .description('pilots, newest first')
      .option('--site <site>', 'of one site')
      .option('--alive', 'only those that have not ended'),
  ).action(async (options, command) => {
    const { listPilots } = await import('./pilots.ts');
    await listPilots(await openContext(command), options);
  });
}

function registerChanges(site: Command): void {
  site
    .command('close <site>')
    .description('give it no more work')
    .requiredOption('--reason <text>', 'shown to everyone who waits')
    .action(async (name, { reason }, command) => {
      const { changeSite } = await import('./change.ts');
      await changeSite(await openContext(command), name, { closed: true, reason });
    });
  site
    .command('open <site>')
    .description('give it work again')
    .action(async (name, _, command) => {
      const { changeSite } = await import('./change.ts');
      await changeSite(await openContext(command), name, { closed: false });
    });
  site
    .command('pool <site> [pool]')
    .description('how many pilots one of its pools keeps, and for how long')
    .option('--min-warm <count>', 'pilots kept although nothing waits', wholeNumber)
    .option('--max-pilots <count>', 'at most', wholeNumber)
    .option('--nodes-per-pilot <count>', 'nodes of one pilot', wholeNumber)
    .option('--walltime-seconds <seconds>', 'of one pilot', wholeNumber)
    .option('--idle-seconds <seconds>', 'a pilot without work leaves after', wholeNumber)
    .option('--pause', 'start no pilots')
    .option('--no-pause', 'start pilots again')
    .action(async (name, pool, { pause: paused, ...options }, command) => {
      const { changePool } = await import('./change.ts');
      const path = { site: name, pool: pool ?? 'default' };
      await changePool(await openContext(command), path, { ...options, paused });
    });
  registerTimes(site);
}

function registerTimes(site: Command): void {
  site
    .command('usage <site>')
    .description('how busy it was')
    .option('--hours <hours>', 'so far back', positiveNumber, 24)
    .action(async (name, { hours }, command) => {
      const { showUsage } = await import('./usage.ts');
      await showUsage(await openContext(command), name, hours);
    });
  const maintenance = site
    .command('maintenance')
    .description('times in which a site takes no work; they are part of site show');
  maintenance
    .command('add <site>')
    .description('announce one: what cannot end before it goes elsewhere')
    .requiredOption('--from <when>', 'seconds from now, 10m, 2h, or an instant')
    .requiredOption('--to <when>', 'the same')
    .requiredOption('--reason <text>', 'shown to everyone who waits')
    .action(async (name, options, command) => {
      const { addMaintenance } = await import('./maintenance.ts');
      await addMaintenance(await openContext(command), name, options);
    });
  maintenance
    .command('remove <site> <maintenance>')
    .description('take one back')
    .action(async (name, id, _, command) => {
      const { removeMaintenance } = await import('./maintenance.ts');
      await removeMaintenance(await openContext(command), name, id);
    });
}
