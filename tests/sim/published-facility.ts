/**
 * Three centres and two light sources as published for Balsam (Salim, Uram, Childers, Vishwanath,
 * Papka 2021, arXiv 2105.06571): 32 nodes at each centre, XPCS analyses of data of the APS and the
 * ALS. What the paper does not say is said here to be assumed.
 */
export const publishedFacility = {
  nodesPerSite: 32,
  sites: ['theta', 'summit', 'cori'],
  sources: ['aps', 'als'],
  /** Of one data set: the larger of the two that the paper's rates are for. */
  inputBytes: 1.15e9,
  /** At most so many tasks of the mover at a time on each route; a batch of 16 is near its best. */
  tasksPerRoute: 3,
  jobsPerTask: 16,
  /** The paper's routing experiment looks at the sites and submits every 8 s. */
  arrivalSeconds: 8,
  /** What the three centres took in its steady state: 56 a minute of the APS, 46 of the ALS. */
  jobsPerMinute: (56 + 46) / 2,
  /** Its stress test: a quarter of an hour at one rate, one at three times it, one at it again. */
  demand: { phaseSeconds: 900, shares: [1, 3, 1] },
  /**
   * From arrival to deadline: from the shortest turnaround that the paper has for one job alone
   * (APS to Cori) to the ten minutes from LCLS to NERSC (Blaschke et al. 2021). How they lie
   * between these is assumed: evenly.
   */
  deadlineSeconds: [99.6, 600],
} as const;

/** From a light source to a centre and back. */
export interface Route {
  source: string;
  site: string;
  /** Medians of one job at a time, in seconds: data in, run, results out. */
  stageInSeconds: number;
  runSeconds: number;
  stageOutSeconds: number;
  /** Effective rate of tasks of the mover, MB/s: mean, standard deviation, least, most. */
  rate: { mean: number; sd: number; min: number; max: number };
  /** Spread of run times: the logarithm's standard deviation, assumed from the totals' range. */
  runSpread: number;
}

const unknown = { min: 0, max: Infinity };

/** Medians of the paper's stage latencies, rates of its transfer tasks. */
export const routes: readonly Route[] = [
  {
    ...{ source: 'aps', site: 'theta', stageInSeconds: 25.6, runSeconds: 102, runSpread: 0.02 },
    ...{ stageOutSeconds: 10.2, rate: { mean: 196.5, sd: 166.8, min: 36, max: 987 } },
  },
  {
    ...{ source: 'aps', site: 'cori', stageInSeconds: 20.8, runSeconds: 50.8, runSpread: 0.1 },
    ...{ stageOutSeconds: 11.4, rate: { mean: 311.4, sd: 210.4, min: 33, max: 802 } },
  },
  {
    ...{ source: 'aps', site: 'summit', stageInSeconds: 12.5, runSeconds: 107.5, runSpread: 0.03 },
    ...{ stageOutSeconds: 11.7, rate: { mean: 360.4, sd: 276, min: 24, max: 1170 } },
  },
  {
    ...{ source: 'als', site: 'theta', stageInSeconds: 31, runSeconds: 102, runSpread: 0.02 },
    ...{ stageOutSeconds: 11.3, rate: { mean: 107.4, sd: 28.8, ...unknown } },
  },
  {
    ...{ source: 'als', site: 'cori', stageInSeconds: 27, runSeconds: 66.9, runSpread: 0.15 },
    ...{ stageOutSeconds: 14.2, rate: { mean: 282.6, sd: 155.3, ...unknown } },
  },
  {
    ...{ source: 'als', site: 'summit', stageInSeconds: 16.7, runSeconds: 108, runSpread: 0.03 },
    ...{ stageOutSeconds: 11.3, rate: { mean: 277.5, sd: 138.1, ...unknown } },
  },
];
