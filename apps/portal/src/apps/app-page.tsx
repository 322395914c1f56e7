import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { jobQueries } from '../api/job-queries.ts';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { resourceWords, retryWords } from '../format/resource-words.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { AppCode } from './app-code.tsx';
import { AppFilesTable, AppParameters } from './app-parameters.tsx';
import { AppSites } from './app-sites.tsx';
import classes from './app-page.module.css';

type App = Schemas['RegisteredApp'];

const route = getRouteApi('/apps/$app');

/** One app: what it is given, what runs, and which sites run it. */
export function AppPage() {
  const { app: name } = route.useParams();
  const { data: app, isLoadingError, error, refetch } = useQuery(queries.app(name));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (app === undefined) return <p className="ip-dim">…</p>;
  return (
    <>
      <PageHeader title={app.title || name} above={<Link to="/apps">Apps</Link>}>
        <WhoMayWork>
          <Link to="/jobs/new" search={{ app: name }}>
            <Button component="span">Submit a job</Button>
          </Link>
        </WhoMayWork>
      </PageHeader>
      <div className="ip-beside">
        <section className="ip-panel">
          <h2>App</h2>
          <AppFacts app={app} />
        </section>
        <div className="ip-stack">
          <section className="ip-panel">
            <h2>Parameters</h2>
            <AppParameters app={app} />
          </section>
          <section className="ip-panel">
            <h2>Files in and out</h2>
            <AppFilesTable app={app} />
          </section>
        </div>
        <section className="ip-panel ip-whole">
          <h2>Sites</h2>
          <AppSites app={app} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Code</h2>
          <AppCode app={app} />
        </section>
      </div>
    </>
  );
}

function AppFacts(props: { app: App }) {
  const { app } = props;
  const { data } = useQuery(jobQueries.jobCounts({ app: app.name }));
  return (
    <>
      {app.description !== '' && <p className={classes.description}>{app.description}</p>}
      <FactList
        facts={[
          { name: 'Name', value: app.name },
          { name: 'Version', value: app.version },
          {
            name: 'Revision',
            value: (
              <>
                {app.revision}, <TimeText at={app.updatedAt} />
              </>
            ),
          },
          { name: 'Asks for', value: resourceWords(app.resources) },
          { name: 'After an error', value: retryWords(app.onError) || 'it fails' },
          { name: 'Out of time', value: retryWords(app.onTimeout) || 'it fails' },
          { name: 'Restartable', value: app.restartable ? 'goes on where it stopped' : 'no' },
          {
            name: 'Uses the hub',
            value: app.mayUseHub ? 'may submit and cancel jobs of its project' : 'no',
          },
          {
            name: 'Its jobs',
            value: (
              <Link to="/jobs" search={{ app: app.name }}>
                {data === undefined ? '…' : formatCount(data.total)}
              </Link>
            ),
          },
        ]}
      />
    </>
  );
}
