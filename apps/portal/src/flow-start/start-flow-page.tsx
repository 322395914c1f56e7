import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { FormForThose } from '../access/form-for-those.tsx';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { startValue } from '../schema-form/form-field.ts';
import { StartForm } from './start-form.tsx';

const route = getRouteApi('/flows/$flow/start');

/** A form that starts a flow; with `from`, with the input of an earlier flow run. */
export function StartFlowPage() {
  const { flow: name } = route.useParams();
  const { from } = route.useSearch();
  const { data: flow, error } = useQuery(queries.flow(name));
  const before = useQuery({ ...queries.flowRun(from ?? ''), enabled: from !== undefined });
  const isReady = flow !== undefined && (from === undefined || before.data !== undefined);
  const problem = error ?? before.error;
  return (
    <>
      <PageHeader
        title={`Start ${flow?.title || name}`}
        above={
          <Link to="/flows/$flow" params={{ flow: name }}>
            {name}
          </Link>
        }
      >
        {before.data && (
          <span className="ip-dim">
            as{' '}
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: before.data.flowRun.id }}>
              {before.data.flowRun.label || before.data.flowRun.id}
            </Link>
          </span>
        )}
      </PageHeader>
      {problem !== null && <ProblemNotice error={problem} />}
      {flow && flow.description !== '' && (
        <p className="ip-dim" style={{ margin: '-8px 0 16px', maxWidth: '90ch' }}>
          {flow.description}
        </p>
      )}
      {isReady && (
        <FormForThose
          what="start this flow"
          project={flow.project}
          named={[...flow.administrators, ...flow.starters]}
        >
          <StartForm
            key={`${name} ${from}`}
            flow={flow}
            input={startInput(flow.inputSchema as JsonObject, before.data?.input)}
          />
        </FormForThose>
      )}
    </>
  );
}

function startInput(schema: JsonObject, before: unknown): JsonObject {
  if (isJsonObject(before)) return before;
  const value = startValue(schema, schema);
  return isJsonObject(value) ? value : {};
}
