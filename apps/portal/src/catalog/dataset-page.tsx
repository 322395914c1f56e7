import { lazy, Suspense } from 'react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { PageFault } from '../shell/page-fault.tsx';
import { DatasetFiles } from './dataset-files.tsx';
import { DatasetPreview } from './dataset-preview.tsx';
import { MetadataTable } from './metadata-table.tsx';
import { Provenance } from './provenance.tsx';
import classes from './dataset-page.module.css';
import { pageCode } from '../shell/page-code.ts';

const route = getRouteApi('/catalog/$datasetId');
/** H5Web with three.js is larger than all the rest together: only for those who open a file. */
const Hdf5Viewer = lazy(pageCode(() => import('./hdf5-viewer.tsx')));

/** One dataset: what it looks like, what it is, its files and where it came from. */
export function DatasetPage() {
  const { datasetId } = route.useParams();
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, isLoadingError, error, refetch } = useQuery(queries.dataset(datasetId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="ip-dim">…</p>;
  const { dataset, files, sources, results } = data;
  const openFile = (file: string | undefined) =>
    void navigate({ search: file === undefined ? {} : { open: file }, resetScroll: false });
  return (
    <>
      <PageHeader title={dataset.title} above={<Link to="/catalog">Catalog</Link>} />
      <div className={`ip-beside ${classes.reversed}`}>
        <DatasetPreview dataset={dataset} />
        <section className="ip-panel">
          <h2>Dataset</h2>
          <DatasetFacts dataset={dataset} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Where it came from and what came of it</h2>
          <Provenance dataset={dataset} sources={sources} results={results} />
        </section>
        <section className="ip-panel ip-whole">
          <h2>Files</h2>
          <DatasetFiles datasetId={datasetId} files={files} opened={open} onOpen={openFile} />
        </section>
        {open !== undefined && (
          <section className="ip-panel ip-whole" aria-label={`Contents of ${open}`}>
            <h2>
              Contents of <span className="ip-mono">{open}</span>
            </h2>
            <PageFault key={open}>
              <Suspense fallback={<p className="ip-dim">The viewer is being loaded …</p>}>
                <Hdf5Viewer datasetId={datasetId} file={open} />
              </Suspense>
            </PageFault>
          </section>
        )}
        <section className="ip-panel ip-whole">
          <h2>Metadata</h2>
          <MetadataTable metadata={dataset.metadata} />
        </section>
      </div>
    </>
  );
}

function DatasetFacts(props: { dataset: Schemas['Dataset'] }) {
  const { dataset } = props;
  const files = dataset.fileCount === 1 ? '1 file' : `${formatCount(dataset.fileCount)} files`;
  return (
    <FactList
      facts={[
        { name: 'Kind', value: dataset.kind === 'raw' ? 'raw data' : 'result' },
        { name: 'Size', value: `${formatBytes(dataset.sizeBytes)} in ${files}` },
        {
          name: 'Shot',
          value:
            dataset.instrument &&
            `${dataset.instrument}${dataset.shotNumber === null ? '' : `, ${dataset.shotNumber}`}`,
        },
        { name: 'Owner', value: `${dataset.owner}, project ${dataset.project}` },
        { name: 'Registered', value: <TimeText at={dataset.createdAt} /> },
        { name: 'Keywords', value: dataset.keywords.join(', ') },
        { name: 'Id', value: <span className="ip-mono">{dataset.id}</span> },
      ]}
    />
  );
}
