import { askHeld } from './ask-held.ts';
import { unwrap, type InterpulseClient, type Schemas } from './create-client.ts';
import type { operations } from './schema.ts';
import { readPages } from './read-pages.ts';
import { FlowRunFailed } from './flow-run-failed.ts';

type FlowRun = Schemas['FlowRun'];

/** How a flow run is done again. */
export type RerunOptions = Schemas['RerunFlowRunBody'];

/** Which steps: inside a state or item (`Each[3]`), of a state, or that stand so. */
export type StepFilter = Pick<
  NonNullable<operations['listFlowRunSteps']['parameters']['query']>,
  'path' | 'state' | 'status'
>;

/** A flow run that was started: `await handle.result()`. */
export class FlowRunHandle {
  readonly id: string;
  readonly #client: InterpulseClient;

  constructor(client: InterpulseClient, id: string) {
    this.#client = client;
    this.id = id;
  }

  /**
   * Waits for the end and gives the state document as the run left it.
   * @throws FlowRunFailed with the reason, also when it was canceled.
   */
  async result(): Promise<Record<string, unknown>> {
    const flowRun = await this.ended();
    if (flowRun.status !== 'SUCCEEDED') throw new FlowRunFailed(flowRun);
    return this.output();
  }

  /** Waits for the end, however it is: the hub answers when it comes. */
  async ended(): Promise<FlowRun> {
    const body = { flowRunIds: [this.id] };
    for (;;) {
      const ask = () => unwrap(this.#client.POST('/api/v1/flow-runs/wait', { body }));
      const { ended } = await askHeld(ask);
      const [flowRun] = ended;
      if (flowRun !== undefined) return flowRun;
    }
  }

  /** The flow run as it is now. */
  async flowRun(): Promise<FlowRun> {
    return (await this.#read()).flowRun;
  }

  /** Its steps so far, page by page; what is large in one of them is with `step`. */
  steps(filter: StepFilter = {}): AsyncGenerator<Schemas['FlowStep']> {
    return readPages((page) => {
      const params = { ...this.#place.params, query: { ...filter, ...page } };
      return unwrap(this.#client.GET('/api/v1/flow-runs/{flowRunId}/steps', { params }));
    });
  }

  /** One step with all that it was given and gave. */
  async step(sequence: number): Promise<Schemas['FlowStep']> {
    const params = { path: { ...this.#place.params.path, sequence } };
    const path = '/api/v1/flow-runs/{flowRunId}/steps/{sequence}';
    return unwrap(this.#client.GET(path, { params }));
  }

  /** Its state document now; private values are hidden. */
  async output(): Promise<Record<string, unknown>> {
    const answer = this.#client.GET('/api/v1/flow-runs/{flowRunId}/output', this.#place);
    return (await unwrap(answer)).output as Record<string, unknown>;
  }

  /** Changes its label, tags, people or deadline; what is given replaces what there was. */
  async change(fields: Schemas['ChangeFlowRunBody']): Promise<FlowRun> {
    const options = { ...this.#place, body: fields };
    return unwrap(this.#client.PATCH('/api/v1/flow-runs/{flowRunId}', options));
  }

  /** Its log with Globus' codes, oldest first, page by page. */
  log(): AsyncGenerator<Schemas['FlowLogEntry']> {
    return readPages((page) => {
      const params = { ...this.#place.params, query: page };
      return unwrap(this.#client.GET('/api/v1/flow-runs/{flowRunId}/log', { params }));
    });
  }

  /** Cancels it and what it started. False when it had ended otherwise. */
  async cancel(): Promise<boolean> {
    const answer = this.#client.POST('/api/v1/flow-runs/{flowRunId}/cancel', this.#place);
    return (await unwrap(answer)).status === 'ENDED';
  }

  /** Goes on when it waits for a person. */
  async resume(): Promise<FlowRun> {
    return unwrap(this.#client.POST('/api/v1/flow-runs/{flowRunId}/resume', this.#place));
  }

  /** Does it again, from the state that failed where nothing else is said. */
  async rerun(options: RerunOptions = {}): Promise<FlowRunHandle> {
    const header = { 'Idempotency-Key': crypto.randomUUID() };
    const params = { ...this.#place.params, header };
    const path = '/api/v1/flow-runs/{flowRunId}/rerun';
    const { id } = await unwrap(this.#client.POST(path, { params, body: options }));
    return new FlowRunHandle(this.#client, id);
  }

  get #place() {
    return { params: { path: { flowRunId: this.id } } };
  }

  #read() {
    return unwrap(this.#client.GET('/api/v1/flow-runs/{flowRunId}', this.#place));
  }
}
