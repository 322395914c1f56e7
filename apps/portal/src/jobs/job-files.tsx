import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { formatBytes } from '../format/quantity.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { shortDigest } from '../format/short-digest.ts';

interface JobFile {
  kind: 'input' | 'output';
  name: string;
  location: string;
  sizeBytes: number | null;
  sha256: string | null;
  /** Where its bytes come from; null when it is moved, not served. */
  href: string | null;
}

const columns: TableColumn<JobFile>[] = [
  {
    id: 'name',
    header: 'File',
    isMain: true,
    isNarrow: true,
    cell: (file) => `${file.kind} ${file.name}`,
  },
  {
    id: 'location',
    header: 'Location',
    isText: true,
    cell: (file) =>
      file.href === null ? (
        <span className="ip-mono">{file.location}</span>
      ) : (
        <a className="ip-mono" href={file.href} download>
          {file.location}
        </a>
      ),
  },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    cell: (file) => (file.sizeBytes === null ? '' : formatBytes(file.sizeBytes)),
  },
  {
    id: 'sha256',
    header: 'SHA-256',
    isNarrow: true,
    cell: (file) =>
      file.sha256 && (
        <CopyText
          value={file.sha256}
          short={shortDigest(file.sha256)}
          label={`the SHA-256 of ${file.name}`}
        />
      ),
  },
];

/** Small files come through the hub; a folder has no digest and no bytes of its own. */
function hrefOf(jobId: string, output: Schemas['Job']['outputs'][number]): string | null {
  if (output.sha256 === null || output.sizeBytes > limits.sessionFileBytes) return null;
  return `/api/v1/jobs/${jobId}/file?file=${encodeURIComponent(output.location)}`;
}

/** What goes into a job and what came out of it. */
export function JobFiles(props: { job: Schemas['Job'] }) {
  const { job } = props;
  const inputs = Object.entries(job.inputs).map(([name, location]): JobFile => ({
    kind: 'input',
    name,
    location,
    sizeBytes: null,
    sha256: null,
    href: null,
  }));
  const outputs = job.outputs.map((output): JobFile => ({
    kind: 'output',
    ...output,
    href: hrefOf(job.id, output),
  }));
  return (
    <DataTable
      label="Files"
      columns={columns}
      rows={[...inputs, ...outputs]}
      rowKey={(file) => `${file.kind} ${file.location}`}
      empty="None."
    />
  );
}
