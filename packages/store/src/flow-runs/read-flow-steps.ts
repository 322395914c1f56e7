import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { FlowStep } from '@interpulse/domain/flow-run/flow-run.ts';
import type { Executor } from '../executor.ts';

const facts = `sequence, state_name as "stateName", state_type as "stateType", status, provider,
  job_id as "jobId", ensemble_id as "ensembleId", transfer_id as "transferId", reason,
  started_at as "startedAt", ended_at as "endedAt"`;
const whole = `${facts}, input, result, '{}'::text[] as omitted`;

// What is stored small may be long still; what is stored large is never read for this.
const isLarge = (column: string): string =>
  `(pg_column_size(${column}) > ${flowLimits.listedValueBytes}
    or octet_length(${column}::text) > ${flowLimits.listedValueBytes})`;
const listed = `${facts}, case when not ${isLarge('input')} then input end as input,
  case when not ${isLarge('result')} then result end as result,
  array_remove(array[case when ${isLarge('input')} then 'input' end,
    case when ${isLarge('result')} then 'result' end], null) as omitted`;

/** All steps of a flow run in order: what they were, and how they ended. */
export async function listStepNames(
  db: Executor,
  flowRunId: string,
): Promise<Pick<FlowStep, 'sequence' | 'stateName' | 'status'>[]> {
  return db.query(
    `select sequence, state_name as "stateName", status from flow_steps where flow_run_id = $1
     order by sequence`,
    [flowRunId],
  );
}

/** One step with what it was given and gave, or undefined. */
export async function findFlowStep(
  db: Executor,
  flowRunId: string,
  sequence: number,
): Promise<FlowStep | undefined> {
  const [step] = await db.query<FlowStep>(
    `select ${whole} from flow_steps where flow_run_id = $1 and sequence = $2`,
    [flowRunId, sequence],
  );
  return step;
}

/** Which steps of a flow run. */
export interface FlowStepPage {
  /** Those inside: `Each` has all its items, `Each[3]` one. */
  path?: string | undefined;
  /** Those of the state of this name, wherever it stands. */
  state?: string | undefined;
  status?: readonly FlowStep['status'][] | undefined;
  /** Steps behind this one in the order asked for. */
  after?: number | undefined;
  newestFirst: boolean;
  limit: number;
}

/** Some steps of a flow run; large inputs and results are left out. */
export async function listStepPage(
  db: Executor,
  flowRunId: string,
  { path, state, status, after, newestFirst, limit }: FlowStepPage,
): Promise<FlowStep[]> {
  const [beyond, order] = newestFirst ? ['<', 'desc'] : ['>', 'asc'];
  return db.query<FlowStep>(
    `select ${listed} from flow_steps where flow_run_id = $1
       and ($2::integer is null or sequence ${beyond} $2)
       and ($3::text is null or starts_with(state_name, $3 || '[')
         or starts_with(state_name, $3 || '/'))
       and ($4::text is null or state_name = $4
         or right(state_name, length($4) + 2) = ']/' || $4)
       and ($5::text[] is null or status = any($5))
     order by sequence ${order} limit $6`,
    [flowRunId, after ?? null, path ?? null, state ?? null, status ?? null, limit],
  );
}

/**
 * The steps that a flow run's document has: all when they are few, else those of the flow itself,
 * the newest of them, in their order.
 * @param before only those before this step
 */
export async function listDocumentSteps(
  db: Executor,
  flowRunId: string,
  before?: number,
): Promise<FlowStep[]> {
  const most = flowLimits.documentSteps;
  const steps = await db.query<FlowStep>(
    `with few as (select count(*) <= ${most} as yes from (select from flow_steps
       where flow_run_id = $1 and ($2::integer is null or sequence < $2) limit ${most + 1}) s)
     select ${listed} from flow_steps, few where flow_run_id = $1
       and ($2::integer is null or sequence < $2)
       and (few.yes or state_name !~ '\\[\\d+\\]/')
     order by sequence desc limit ${most}`,
    [flowRunId, before ?? null],
  );
  return steps.toReversed();
}
