import type { RouteInput } from '@interpulse/api/routes/all-routes.ts';
import { openJobStates } from '@interpulse/domain/job/job-state.ts';
import { limits } from '@interpulse/domain/limits.ts';
import {
  ensembleBySite,
  ensembleFailures,
  ensembleRunSeconds,
  findEnsemble,
  listEnsembles,
  readEnsembleGrid,
  type StoredEnsemble,
} from '@interpulse/store/jobs/read-ensembles.ts';
import { cancelJobs } from '../../services/cancel-jobs.ts';
import { demand, page, visibleProjects, type Call, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';
import { reasonOf } from './jobs.ts';
import { forSelectedJobs } from './select-jobs.ts';

type EnsembleOperation = 'listEnsembles' | 'getEnsemble' | 'getEnsembleGrid' | 'cancelEnsemble';

/** Ensembles: jobs that were submitted as one request. */
export const ensembleHandlers: Handlers<EnsembleOperation> = {
  async listEnsembles({ query }, { hub, who }) {
    const rows = await listEnsembles(hub.db, {
      projects: visibleProjects(who),
      project: query.project,
      ownerId: query.mine === true ? who.id : undefined,
      open: query.open,
      label: query.label,
      before: query.cursor,
      limit: query.limit + 1,
    });
    return page(rows.map(shown), query.limit, (ensemble) => ensemble.id);
  },

  async getEnsemble({ params }, call) {
    const { db } = call.hub;
    const ensemble = await seenEnsemble(call, params.ensembleId, 'read');
    const [runSeconds, failures, bySite] = await Promise.all([
      ensembleRunSeconds(db, ensemble.id),
      ensembleFailures(db, ensemble.id),
      ensembleBySite(db, ensemble.id),
    ]);
    return { ensemble: shown(ensemble), runSeconds, failures, bySite };
  },

  async getEnsembleGrid({ params }, call) {
    const ensemble = await seenEnsemble(call, params.ensembleId, 'read');
    return readEnsembleGrid(call.hub.db, ensemble.id, limits.jobsPerGrid);
  },

  async cancelEnsemble({ params }, call) {
    const { hub, who } = call;
    const { id } = await seenEnsemble(call, params.ensembleId, 'run');
    const canceled = await hub.transaction((tx) =>
      forSelectedJobs(
        call,
        tx,
        { filter: { ensemble: id } },
        {
          states: openJobStates,
          act: (ids) => cancelJobs(hub, tx, ids, who.id, `its ensemble was ${reasonOf(call)}`),
        },
      ),
    );
    return { canceled };
  },
};

function shown({ ownerId: _, ...ensemble }: StoredEnsemble) {
  return ensemble;
}

async function seenEnsemble(
  { hub, who }: Call,
  id: RouteInput<'getEnsemble'>['params']['ensembleId'],
  verb: 'read' | 'run',
): Promise<StoredEnsemble> {
  const ensemble = existing(await findEnsemble(hub.db, id), `ensemble ${id}`);
  demand(who, verb, ensemble, `ensemble ${id}`);
  return ensemble;
}
