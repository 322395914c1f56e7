import { App, DataProvider } from '@h5web/app';
import '@h5web/app/styles.css';
import { useComputedColorScheme } from '@mantine/core';
import { useMounted } from '@mantine/hooks';
import { Suspense, useMemo } from 'react';
import { Hdf5Api } from './hdf5-api.ts';
import classes from './hdf5-viewer.module.css';

/** H5Web on one file of a dataset: tree, attributes, plots, images. The bytes stay at the site. */
export default function Hdf5Viewer(props: { datasetId: string; file: string }) {
  const { datasetId, file } = props;
  const scheme = useComputedColorScheme('light');
  const api = useMemo(() => new Hdf5Api(datasetId, file), [datasetId, file]);
  // H5Web keeps what it asked in its provider. Were it to wait within the render that replaces the
  // fallback of this lazy chunk, React would begin anew with each answer, and ask for all again.
  const isMounted = useMounted();
  return (
    <div className={classes.viewer}>
      {isMounted && (
        <DataProvider api={api}>
          <Suspense fallback={null}>
            <App sidebarOpen={window.innerWidth > 900} disableDarkMode={scheme === 'light'} />
          </Suspense>
        </DataProvider>
      )}
    </div>
  );
}
