import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { shortDigest } from '../format/short-digest.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { appAtSites, type AppAtSite } from './site-allows.ts';

const columns: TableColumn<AppAtSite>[] = [
  {
    id: 'site',
    header: 'Site',
    isMain: true,
    isNarrow: true,
    cell: (at) => (
      <Link to="/sites/$site" params={{ site: at.siteName }}>
        {at.siteName}
      </Link>
    ),
  },
  {
    id: 'allowed',
    header: 'Runs it',
    cell: (at) =>
      at.refusal === null ? (
        <StatusMark status="allowed" word="yes" tone="good" />
      ) : (
        <>
          <StatusMark status="refused" word="no" tone="off" />
          <span className="ip-dim"> {at.refusal}</span>
        </>
      ),
  },
  { id: 'code', header: 'Code', cell: (at) => (at.hasVariant ? 'its own variant' : 'as below') },
  {
    id: 'digest',
    header: 'SHA-256 of the code',
    isNarrow: true,
    cell: (at) =>
      at.digest && (
        <CopyText
          value={at.digest}
          short={shortDigest(at.digest)}
          label={`the digest at ${at.siteName}`}
        />
      ),
  },
];

/** Which sites run an app, and with which code; what a site lists is its digest. */
export function AppSites(props: { app: Schemas['RegisteredApp'] }) {
  const { data } = useQuery(queries.sites());
  return (
    <DataTable
      label="Sites"
      columns={columns}
      rows={appAtSites(props.app, data?.items ?? [])}
      rowKey={(at) => at.siteName}
      empty={data === undefined ? '…' : 'No site computes.'}
    />
  );
}
