import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { FlowPicture } from '../flow-diagram/flow-picture.tsx';
import { formatDuration } from '../format/duration.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { FlowPeople } from '../sharing/flow-people.tsx';
import { ChosenState } from './chosen-state.tsx';
import { DefinitionText } from './definition-text.tsx';
import { FlowInputs } from './flow-inputs.tsx';
import { FlowRunsOf, FlowTriggers, FlowVersions } from './flow-lists.tsx';
import { FlowWarnings } from './flow-warnings.tsx';
import { sumUpRuns } from './last-runs.ts';
import classes from './flows.module.css';

const route = getRouteApi('/flows/$flow');

/** One flow: what it does, what it is given, how it fares, what starts it. */
export function FlowPage() {
  const { flow: name } = route.useParams();
  const { version, state } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: flow, isLoadingError, error, refetch } = useQuery(queries.flow(name, version));
  const graph = useMemo(() => flowGraph(flow?.definition), [flow?.definition]);
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (flow === undefined) return <p className="ip-dim">…</p>;
  const definition = flow.definition as JsonObject;
  const inputSchema = flow.inputSchema as JsonObject;
  const choose = (chosen: string | undefined) =>
    void navigate({
      search: {
        ...(version === undefined ? {} : { version }),
        ...(chosen === undefined || chosen === state ? {} : { state: chosen }),
      },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <PageHeader title={flow.title || name} above={<Link to="/flows">Flows</Link>}>
        {version !== undefined && (
          <Link to="/flows/$flow" params={{ flow: name }}>
            to the newest version
          </Link>
        )}
        <WhoMayWork project={flow.project} named={flow.administrators}>
          <Link to="/flows/$flow/edit" params={{ flow: name }}>
            <Button component="span" variant="default">
              Edit
            </Button>
          </Link>
        </WhoMayWork>
        <WhoMayWork project={flow.project} named={[...flow.administrators, ...flow.starters]}>
          <Link to="/flows/$flow/start" params={{ flow: name }}>
            <Button component="span">Start</Button>
          </Link>
        </WhoMayWork>
      </PageHeader>
      <div className="ip-beside">
        {flow.archivedAt === null && <FlowWarnings flow={flow} />}
        <div className="ip-stack">
          <section className="ip-panel">
            <h2>Flow</h2>
            <FlowFacts flow={flow} />
          </section>
          <section className="ip-panel" aria-label="Who has a part">
            <h2>Who has a part</h2>
            <FlowPeople flow={flow} />
          </section>
          <section className="ip-panel">
            <h2>What it is given</h2>
            <FlowInputs schema={inputSchema} />
          </section>
        </div>
        <section className="ip-panel">
          <h2>What it does</h2>
          <FlowPicture graph={graph} chosen={state} onChoose={({ name: each }) => choose(each)} />
          {state !== undefined && (
            <ChosenState
              definition={definition}
              state={graph.nodes.find((node) => node.name === state)}
              onClose={() => choose(undefined)}
            />
          )}
        </section>
        <section className="ip-panel ip-whole">
          <h2>Last flow runs</h2>
          <FlowRunsOf flow={name} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Triggers that start it</h2>
          <FlowTriggers flow={name} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Versions</h2>
          <FlowVersions flow={name} shown={flow.version} />
        </section>
        <section className="ip-panel ip-whole">
          <DefinitionText definition={definition} inputSchema={inputSchema} />
        </section>
      </div>
    </>
  );
}

function FlowFacts(props: { flow: Schemas['Flow'] }) {
  const { flow } = props;
  const { data } = useQuery(queries.lastRunsOfFlow(flow.name));
  const fared = sumUpRuns(data?.items ?? []);
  return (
    <>
      {flow.description !== '' && <p className={classes.lead}>{flow.description}</p>}
      <FactList
        facts={[
          { name: 'Name', value: <span className="ip-mono">{flow.name}</span> },
          {
            name: 'Version',
            value: (
              <>
                {flow.version}, saved <TimeText at={flow.updatedAt} />
              </>
            ),
          },
          { name: 'Project', value: flow.project },
          { name: 'Owner', value: flow.owner },
          {
            name: 'Lately',
            value:
              fared.successShare !== null &&
              `${Math.round(fared.successShare * fared.ended)} of ${fared.ended} succeeded`,
          },
          {
            name: 'Usually takes',
            value: fared.medianSeconds !== null && formatDuration(fared.medianSeconds),
          },
        ].map((fact) => ({ ...fact, value: fact.value === false ? null : fact.value }))}
      />
    </>
  );
}
