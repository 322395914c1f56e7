import type { Fault } from '@interpulse/domain/error.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import { refuseSite, refuseSize } from '@interpulse/domain/placement/refuse-site.ts';
import type { JobToPlace } from '@interpulse/domain/placement/snapshot.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import type { JobSpec } from '@interpulse/store/jobs/job-specs.ts';
import {
  readSiteSnapshots,
  type StoredSnapshot,
} from '@interpulse/store/sites/read-site-snapshots.ts';

/** A spec of a submission, with the place of the first job that has it. */
export interface SpecAtPlace {
  spec: JobSpec;
  place: number;
  request: JobRequest;
  project: string;
}

/**
 * Faults of jobs whose resources no site could ever give, naming the site that comes nearest. While
 * no site has enrolled that they may run at, they wait instead; so they do for a site that is large
 * enough and would have to allow their program first.
 */
export async function findShortages(
  db: Executor,
  specs: readonly SpecAtPlace[],
  now: string,
): Promise<Fault[]> {
  const demanding = specs.filter(({ request, spec }) => isDemanding(request, spec));
  if (demanding.length === 0) return [];
  const all = await readSiteSnapshots(db, now, assumptions.runSeconds);
  return demanding.flatMap((each) => {
    const job = asJob(each);
    const sites = all.filter((site) => site.hasCompute && isWanted(job, site));
    const short = sites.map((site) => lookAt(job, site));
    if (short.length === 0 || short.some(({ refusal }) => refusal === null)) return [];
    const [nearest] = short.toSorted(
      (a, b) => Number(b.isWilling) - Number(a.isWilling) || a.size - b.size,
    );
    const { site, refusal } = nearest ?? {};
    const msg = `no site could ever run it; ${site?.name} comes nearest, but ${refusal?.text}`;
    return [{ loc: ['jobs', each.place, 'resources'], msg, type: 'impossible_resources' }];
  });
}

/** What a site lacks, how much that is, and whether it would run the program were it larger. */
function lookAt(job: JobToPlace, site: StoredSnapshot) {
  const refusal = refuseSize(job, site);
  const isWilling = refuseSite(job, site).refusal?.shortage != null;
  return { site, refusal, size: refusal?.shortage?.size ?? 0, isWilling };
}

/** One core for an hour is found everywhere. */
function isDemanding(request: JobRequest, { resources }: JobSpec): boolean {
  const { nodes, ranksPerNode, cores, gpus, memoryBytes } = resources;
  const hasWish = Object.keys(request.resources).length > 0;
  return hasWish || nodes > 1 || ranksPerNode > 1 || cores > 1 || gpus > 0 || memoryBytes > 0;
}

function asJob({ spec, request, project }: SpecAtPlace): JobToPlace {
  return {
    id: '',
    app: request.app ?? null,
    code: spec.codeSeen,
    appSites: spec.appSites,
    project,
    site: spec.siteWish,
    resources: spec.resources,
    urgency: request.urgency,
    allocation: spec.allocation,
    restartable: spec.restartable,
    strategy: 'earliestFinish',
    deadlineAt: null,
    inputBytes: {},
    returnCollection: null,
  };
}

function isWanted({ site: wish }: JobToPlace, { name, labels }: StoredSnapshot): boolean {
  if (wish === 'any') return true;
  if (typeof wish === 'object' && !Array.isArray(wish)) return labels.includes(wish.label);
  return [wish].flat().includes(name);
}
