import type { SiteLoad } from './site-load.ts';
import type { JobToPlace, PoolSeen, SiteSnapshot } from './snapshot.ts';

/** What stands for what a site has not shown yet: the mean of what the others have. */
export interface Typical {
  runSeconds: ReadonlyMap<string, number>;
  bytesPerSecond: ReadonlyMap<string, number>;
  returnBytesPerSecond: ReadonlyMap<string, number>;
}

/** A job at a site that can take it. */
export interface Candidate {
  job: JobToPlace;
  site: SiteSnapshot;
  /** Those of its pools that could run the job. */
  pools: readonly PoolSeen[];
  load: SiteLoad;
  typical: Typical;
}
