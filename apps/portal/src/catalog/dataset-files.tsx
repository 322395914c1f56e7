import { useState } from 'react';
import { Button } from '@mantine/core';
import { limits } from '@interpulse/domain/limits.ts';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatBytes, formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { TimeText } from '../parts/time-text.tsx';

type DatasetFile = Schemas['DatasetFile'];

/** Files listed until more are asked for. */
const listedFiles = 200;

/** A dataset's files; HDF5 files open in the viewer, small files can be downloaded. */
export function DatasetFiles(props: {
  datasetId: string;
  files: DatasetFile[];
  /** The location of the file in the viewer. */
  opened: string | undefined;
  onOpen: (file: string | undefined) => void;
}) {
  const { datasetId, files, opened, onOpen } = props;
  const [listed, setListed] = useState(listedFiles);
  const columns: TableColumn<DatasetFile>[] = [
    {
      id: 'file',
      header: 'Location',
      isMain: true,
      cell: (file) => <span className="ip-mono">{file.location}</span>,
      sortBy: (file) => file.location,
    },
    {
      id: 'size',
      header: 'Size',
      align: 'right',
      cell: (file) => (file.sizeBytes === null ? '–' : formatBytes(file.sizeBytes)),
      sortBy: (file) => file.sizeBytes ?? -1,
    },
    { id: 'modified', header: 'Modified', cell: (file) => <TimeText at={file.modifiedAt} /> },
    {
      id: 'checksum',
      header: 'Checksum (xxh3)',
      isWide: true,
      cell: (file) =>
        file.xxh3 === null ? (
          <span className="ip-dim">not taken yet</span>
        ) : (
          <span className="ip-mono">{file.xxh3}</span>
        ),
    },
    {
      id: 'actions',
      header: '',
      align: 'right',
      cell: (file) => (
        <FileActions
          datasetId={datasetId}
          file={file}
          isOpen={file.location === opened}
          onOpen={onOpen}
        />
      ),
    },
  ];
  return (
    <>
      <DataTable
        label="Files"
        columns={columns}
        rows={files.slice(0, listed)}
        rowKey={(file) => file.location}
        empty="No files."
      />
      {files.length > listed && (
        <Button variant="default" size="xs" onClick={() => setListed(listed * 5)}>
          Show more of {formatCount(files.length)} files
        </Button>
      )}
    </>
  );
}

function FileActions(props: {
  datasetId: string;
  file: DatasetFile;
  isOpen: boolean;
  onOpen: (file: string | undefined) => void;
}) {
  const { datasetId, file, isOpen, onOpen } = props;
  const isHdf5 = /\.(h5|hdf5|hdf|nxs|nx5|cxi)$/i.test(file.location);
  const isSmall = file.sizeBytes !== null && file.sizeBytes <= limits.sessionFileBytes;
  const query = new URLSearchParams({ file: file.location });
  const name = file.location.split('/').at(-1) ?? 'file';
  return (
    <span className="ip-row" style={{ justifyContent: 'flex-end', flexWrap: 'nowrap' }}>
      {isHdf5 && (
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => onOpen(isOpen ? undefined : file.location)}
        >
          {isOpen ? 'Close' : 'Look inside'}
        </Button>
      )}
      {isSmall ? (
        <a href={`/api/v1/datasets/${datasetId}/file?${query.toString()}`} download={name}>
          Download
        </a>
      ) : (
        <span className="ip-dim" title="Large files are moved with a transfer, not through the hub">
          by transfer
        </span>
      )}
    </span>
  );
}
