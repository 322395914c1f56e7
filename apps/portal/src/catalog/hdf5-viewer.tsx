import { App, DataProvider } from '@h5web/app';
import '@h5web/app/styles.css';
import { useComputedColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { Hdf5Api } from './hdf5-api.ts';
import classes from './hdf5-viewer.module.css';

/** H5Web on one file of a dataset: tree, attributes, plots, images. The bytes stay at the site. */
export default function Hdf5Viewer(props: { datasetId: string; file: string }) {
  const { datasetId, file } = props;
  const scheme = useComputedColorScheme('light');
  const api = useMemo(() => new Hdf5Api(datasetId, file), [datasetId, file]);
  return (
    <div className={classes.viewer}>
      <DataProvider api={api}>
        <App sidebarOpen={window.innerWidth > 900} disableDarkMode={scheme === 'light'} />
      </DataProvider>
    </div>
  );
}
