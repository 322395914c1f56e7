import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { figuresOf } from '../dataset/show.ts';
import { followFlowRun } from '../flow-run/follow.ts';
import { renderFields } from '../output/render-table.ts';
import { facility } from './agent-configs.ts';
import type { OwnData } from './check-data.ts';
import type { DataFolder } from './data-folder.ts';
import { ownDataset } from './own-dataset.ts';
import { project } from './start-hub.ts';

/**
 * Analyses the user's files one after the other and prints what came out.
 * @returns Whether all of them succeeded.
 */
export async function analyseData(
  context: Context,
  folder: DataFolder,
  data: readonly OwnData[],
  parameters: Record<string, unknown>,
): Promise<boolean> {
  let succeeded = true;
  for (const each of data) {
    context.out.note(`\n${each.path}: ${each.app} (${each.reason})`);
    succeeded = (await analyse(context, folder, each, parameters)) && succeeded;
  }
  return succeeded;
}

async function analyse(
  context: Context,
  folder: DataFolder,
  data: OwnData,
  parameters: Record<string, unknown>,
): Promise<boolean> {
  const name = basename(data.path);
  const answers = `${plainName(name)}-${new Date().toISOString().replaceAll(/[:.]/g, '')}`;
  const body: Schemas['StartFlowRunBody'] = {
    flow: data.app,
    input: {
      input: {
        file: data.location,
        dataset: await ownDataset(context.client, data),
        parameters,
        title: `${data.app === 'xpcs' ? 'XPCS' : 'Tomography'} of ${name}`.slice(0, 200),
        returnTo: `${facility.answersCollection}:/${answers}`,
      },
    },
    label: name.slice(0, 200),
    urgency: 'urgent',
    deadlineAt: null,
    tags: {},
    project,
  };
  const header = { 'Idempotency-Key': randomUUID() };
  const answer = context.client.POST('/api/v1/flow-runs', { params: { header }, body });
  const { id } = await unwrap(answer);
  const run = await followFlowRun(context, id);
  if (run.status !== 'SUCCEEDED') return false;
  if (run.resultDatasetId !== null) {
    const figures = await figuresOf(context, run.resultDatasetId);
    context.out.item({ datasetId: run.resultDatasetId, figures }, () => renderFigures(figures));
  }
  context.out.note(`files: ${join(folder.answers, answers)}`);
  return true;
}

function renderFigures(figures: [string, string][]): string {
  if (figures.length === 0) return '';
  return renderFields(figures)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** A name that is plain enough for a folder within a location. */
function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[.-]+/g, '') || 'data';
}
