/**
 * Takes a picture of every page of a running portal, on a large screen and on a phone:
 *
 *     node test/screenshots.ts http://127.0.0.1:8080 ONE-TIME-CODE OUT-FOLDER [only-these-pages,...]
 *
 * Works against a hub as well as against the mock. Pages that need something that is not there (a
 * failed flow run, an HDF5 file) are left out.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '@interpulse/testing/browser/launch-browser.ts';

const [baseUrl, code, folder, only] = process.argv.slice(2);
if (baseUrl === undefined || code === undefined || folder === undefined) {
  console.error('usage: node test/screenshots.ts BASE-URL ONE-TIME-CODE OUT-FOLDER [PAGE,...]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const sizes = {
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
} as const;

interface Item {
  id: string;
  status?: string;
  state?: string;
  kind?: string;
  flowRunId?: string;
}

async function list(page: Page, path: string): Promise<Item[]> {
  const response = await page.request.get(`${baseUrl}/api/v1/${path}`);
  if (!response.ok()) return [];
  return ((await response.json()) as { items: Item[] }).items;
}

type Add = (name: string, path: string | undefined) => void;

/** Ensembles, apps and sites. */
async function findComputePages(page: Page, add: Add): Promise<void> {
  add('ensembles', '/ensembles');
  const ensembles = await list(page, 'ensembles?limit=2');
  add('ensemble', ensembles[0] && `/ensembles/${ensembles[0].id}`);
  add('ensemble-ended', ensembles[1] && `/ensembles/${ensembles[1].id}`);
  add('jobs-failed', ensembles[0] && `/jobs?ensemble=${ensembles[0].id}&state=failed`);
  add('apps', '/apps');
  const apps = (await list(page, 'apps?limit=1')) as { name?: string }[];
  add('app', apps[0] && `/apps/${apps[0].name}`);
  add('job-new-app', apps[0] && `/jobs/new?app=${apps[0].name}`);
  add('sites', '/sites');
  const sites = (await list(page, 'sites?limit=4')) as { name?: string }[];
  for (const [place, name] of ['site', 'site-second', 'site-third'].entries()) {
    add(name, sites[place] && `/sites/${sites[place].name}`);
  }
}

/** Triggers, and flow runs that were started many at a time. */
async function findTriggerPages(page: Page, add: Add): Promise<void> {
  add('triggers', '/triggers');
  add('trigger-new', '/triggers/new');
  type Named = { name?: string; source?: { kind: string }; pause?: object | null };
  const triggers = (await list(page, 'triggers?limit=100')) as Named[];
  const first = (isIt: (trigger: Named) => boolean) => triggers.find(isIt)?.name;
  const on = first(({ source, pause }) => source?.kind === 'file' && pause === null);
  add('trigger', on && `/triggers/${on}?dry=true`);
  const paused = first(({ pause }) => pause !== null);
  add('trigger-paused', paused && `/triggers/${paused}`);
  for (const kind of ['file', 'parameter', 'dataset', 'schedule', 'webhook', 'flow']) {
    const name = first(({ source }) => source?.kind === kind);
    add(`trigger-edit-${kind}`, name && `/triggers/${name}/edit`);
  }
  add('flow-batches', '/flow-batches');
  const [batch] = await list(page, 'flow-batches?limit=1');
  add('flow-batch', batch && `/flow-batches/${batch.id}`);
}

/** Addresses of all pages by name. */
async function findPages(page: Page): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  const add = (name: string, path: string | undefined) => {
    if (path !== undefined) pages.set(name, path);
  };
  const one = (place: string, item: Item | undefined) => item && `/${place}/${item.id}`;
  add('live', '/');
  const [instrument] = (await list(page, 'instruments?limit=1')) as { name?: string }[];
  add('runs', instrument && `/instruments/${instrument.name}/runs`);
  add('flows', '/flows');
  const flows = (await list(page, 'flows?limit=1')) as { name?: string }[];
  const flow = flows[0]?.name;
  add('flow', flow && `/flows/${flow}`);
  add('flow-edit', flow && `/flows/${flow}/edit`);
  add('flow-start', flow && `/flows/${flow}/start`);
  for (const [place, run] of (await list(page, `flow-runs?limit=3&flow=${flow}`)).entries()) {
    add(
      ['flow-run-map', 'flow-run-map-failed', 'flow-run-waits'][place] ?? '',
      one('flow-runs', run),
    );
  }
  add('flow-runs', '/flow-runs');
  add('flow-run', one('flow-runs', (await list(page, 'flow-runs?limit=1'))[0]));
  const failedRuns = await list(page, 'flow-runs?limit=1&filter=failed');
  add('flow-run-failed', one('flow-runs', failedRuns[0]));
  const completedRuns = await list(page, 'flow-runs?limit=1&filter=completed');
  add('flow-run-completed', one('flow-runs', completedRuns[0]));
  add('questions', '/questions');
  const asked = await list(page, 'web-inputs?filter=all&limit=6');
  for (const [place, name] of ['', '-table', '-form', '-others', '-answered'].entries()) {
    add(`question${name}`, one('questions', asked[place]));
  }
  add('flow-run-asks', asked[0] && `/flow-runs/${asked[0].flowRunId}`);
  add('jobs', '/jobs');
  add('job', one('jobs', (await list(page, 'jobs?limit=1&state=active'))[0]));
  add('job-waiting', one('jobs', (await list(page, 'jobs?limit=1&state=queued'))[0]));
  add('job-completed', one('jobs', (await list(page, 'jobs?limit=1&state=completed'))[0]));
  add('job-preempted', one('jobs', (await list(page, 'jobs?limit=1&label=refinement'))[0]));
  add('job-child', one('jobs', (await list(page, 'jobs?limit=1&state=waiting'))[0]));
  add('job-new', '/jobs/new');
  await findComputePages(page, add);
  await findTriggerPages(page, add);
  add('catalog', '/catalog');
  const result = (await list(page, 'datasets?limit=1&kind=result'))[0];
  add('dataset', one('catalog', result));
  const response = await page.request.get(`${baseUrl}/api/v1/datasets/${result?.id}`);
  if (response.ok()) {
    const { files } = (await response.json()) as { files: { location: string }[] };
    const hdf5 = files.find((file) => /\.(h5|hdf5|nxs)$/.test(file.location));
    const open = hdf5 && encodeURIComponent(hdf5.location);
    add('dataset-hdf5', open && `/catalog/${result?.id}?open=${open}`);
  }
  add('settings', '/settings');
  return pages;
}

async function takePicture(page: Page, name: string): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForLoadState('load');
  // Plots and the HDF5 viewer draw after their data came.
  await page.waitForTimeout(name.includes('hdf5') ? 5000 : 1200);
  const isWhole = !name.startsWith('live-wide');
  await page.screenshot({ path: join(folder ?? '.', `${name}.png`), fullPage: isWhole });
  console.log(name);
}

async function takeAll(context: BrowserContext, suffix: string, names?: string[]): Promise<void> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(`${page.url()}: ${message.text()}`);
  });
  const pages = await findPages(page);
  for (const [name, path] of pages) {
    if (names !== undefined && !names.includes(name)) continue;
    await page.goto(`${baseUrl}${path}`);
    await takePicture(page, `${name}-${suffix}`);
  }
  await page.close();
}

const browser = await launchBrowser();
try {
  const wide = await browser.newContext({ viewport: sizes.wide });
  const first = await wide.newPage();
  if (only === undefined) {
    await first.goto(baseUrl);
    await takePicture(first, 'sign-in-wide');
  }
  await first.goto(`${baseUrl}/#code=${code}`);
  await first.reload();
  await first.waitForSelector('nav');
  const storageState = await wide.storageState();
  await first.close();
  const names = only?.split(',');
  await takeAll(wide, 'wide', names);
  const phone = await browser.newContext({ viewport: sizes.phone, storageState, isMobile: true });
  await takeAll(phone, 'phone', names);
  const dark = await browser.newContext({
    viewport: sizes.wide,
    storageState,
    colorScheme: 'dark',
  });
  await takeAll(
    dark,
    'dark',
    names ?? [...['live', 'flow-run', 'job', 'ensemble', 'site', 'sites', 'dataset-hdf5']],
  );
} finally {
  await browser.close();
}
