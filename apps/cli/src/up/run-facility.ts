import { once } from 'node:events';
import { Listr } from 'listr2';
import type { Context } from '../context.ts';
import { makeSignInLink, openBrowser } from '../hub/open.ts';
import { createOutput } from '../output/output.ts';
import { facility as names } from './agent-configs.ts';
import { analyseData } from './analyse-data.ts';
import type { CheckedData } from './check-data.ts';
import type { DataFolder } from './data-folder.ts';
import type { Facility, OwnHub } from './facility.ts';
import type { Screen } from './live/screen.ts';
import { watchFacility } from './live/watch-facility.ts';
import { addTrigger, hasTrigger, registerFacility } from './register-facility.ts';
import type { StopRequest } from './stop-request.ts';
import type { UpOptions } from './up-options.ts';

/** Everything that {@link runFacility} works with. */
export interface Running {
  facility: Facility;
  folder: DataFolder;
  options: UpOptions;
  data: CheckedData;
  stop: StopRequest;
  screen: Screen;
}

/** Starts everything, then takes shots or analyses the user's data. @returns The exit code. */
export async function runFacility(running: Running): Promise<number> {
  const { options, data, stop, folder, screen } = running;
  const hub = await startAll(running);
  const context: Context = {
    ...hub,
    out: createOutput(false),
    nowAt: new Date().toISOString(),
  };
  const link = await makeSignInLink(hub.client, hub.connection.url);
  screen.say(`\nPortal: ${hub.connection.url}`);
  screen.say(`Sign in once with: ${link.url}\n`);
  if (options.opensBrowser) openBrowser(link.url);
  if (data.data.length === 0) {
    await watchFacility(context, names.instrument, screen, stop.signal);
    return 0;
  }
  const succeeded = await Promise.race([
    analyseData(context, folder, data.data, options.parameters),
    stopped(stop.signal),
  ]);
  if (!options.endsAfterAnswer && !stop.signal.aborted) {
    screen.say(`\nThe portal stays up at ${hub.connection.url}; Ctrl-C ends everything.`);
    await stopped(stop.signal);
  }
  return succeeded ? 0 : 1;
}

/** Settles with true when everything is to end. */
async function stopped(signal: AbortSignal): Promise<boolean> {
  if (!signal.aborted) await once(signal, 'abort');
  return true;
}

async function startAll(running: Running): Promise<OwnHub> {
  const { facility, options, data } = running;
  const isOwnData = data.data.length > 0;
  const wishes = {
    periodSeconds: isOwnData ? null : options.periodSeconds,
    offered: data.offered,
  };
  const steps = new Listr<{ hub?: OwnHub }>(
    [
      {
        title: 'Database and hub',
        task: async (state) => {
          state.hub = await facility.startHub(options.port);
        },
      },
      {
        title: 'Apps, flows, service account',
        task: (state) => registerFacility(started(state).client),
      },
      {
        title: 'Sites alpha and beta, beamline',
        task: (state) => startSites(running, started(state), wishes),
      },
    ],
    {
      fallbackRenderer: 'simple',
      rendererOptions: { collapseErrors: true, showErrorMessage: false },
      registerSignalListeners: false,
    },
  );
  return started(await steps.run({}));
}

function started(state: { hub?: OwnHub }): OwnHub {
  if (state.hub === undefined) throw new Error('the hub has not been started');
  return state.hub;
}

/**
 * A trigger can only be saved for an instrument that the hub knows, and no shot is to go
 * unanswered: so at the very first start the beamline says who it is before it measures.
 */
async function startSites(
  { facility }: Running,
  hub: OwnHub,
  wishes: Parameters<Facility['startAgents']>[1],
): Promise<void> {
  const isNew = wishes.periodSeconds !== null && !(await hasTrigger(hub.client));
  if (!isNew) return facility.startAgents(hub, wishes);
  await facility.startAgents(hub, { ...wishes, measures: false });
  await addTrigger(hub.client);
  await facility.stopAgent(names.instrumentSite);
  await facility.startAgents(hub, wishes, [names.instrumentSite]);
}
