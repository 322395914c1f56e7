import { App, H5GroveProvider } from '@h5web/app';
import '@h5web/app/styles.css';
import { useMemo } from 'react';
import { hdf5Fetcher } from './hdf5-fetcher.ts';
import classes from './hdf5-viewer.module.css';

/** H5Web on one file of a dataset: tree, attributes, plots, images. The bytes stay at the site. */
export default function Hdf5Viewer(props: { datasetId: string; file: string }) {
  const { datasetId, file } = props;
  const fetcher = useMemo(() => hdf5Fetcher(datasetId), [datasetId]);
  // Without this, H5Web would offer exports by addresses of a server that is not there.
  const getExportURL = useMemo(() => () => undefined, []);
  return (
    <div className={classes.viewer}>
      <H5GroveProvider url="" filepath={file} fetcher={fetcher} getExportURL={getExportURL}>
        <App sidebarOpen={window.innerWidth > 900} />
      </H5GroveProvider>
    </div>
  );
}
