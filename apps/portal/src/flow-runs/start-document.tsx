import { useQuery } from '@tanstack/react-query';
import { isJsonObject } from '@interpulse/domain/json.ts';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { JsonView } from '../parts/json-view.tsx';

/**
 * The state document with which a flow run began that does another one again from a state on: the
 * input is that of the other one, what was edited is only here. Its log has it, as its first line.
 */
export function StartDocument(props: { flowRun: Schemas['FlowRun'] }) {
  const { id, startState } = props.flowRun;
  const { data } = useQuery(queries.flowRunStart(id));
  const details = data?.items[0]?.details;
  if (!isJsonObject(details)) return null;
  return <JsonView title={`State with which it began at ${startState}`} value={details['input']} />;
}
