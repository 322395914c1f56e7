import { Link } from '@tanstack/react-router';
import { formatCount } from '../format/quantity.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';

/** What a site did of an ensemble. */
interface SitePart {
  siteName: string;
  completed: number;
  failed: number;
  active: number;
}

const count = (pick: (part: SitePart) => number, header: string): TableColumn<SitePart> => ({
  id: header,
  header,
  align: 'right',
  cell: (part) => formatCount(pick(part)),
});

const columns: TableColumn<SitePart>[] = [
  {
    id: 'site',
    header: 'Site',
    isMain: true,
    cell: (part) => (
      <Link to="/sites/$site" params={{ site: part.siteName }}>
        {part.siteName}
      </Link>
    ),
  },
  count((part) => part.active, 'Active'),
  count((part) => part.completed, 'Completed'),
  count((part) => part.failed, 'Failed'),
];

/** Which sites did how much of an ensemble. */
export function SitesOfEnsemble(props: { bySite: SitePart[] }) {
  return (
    <DataTable
      label="By site"
      columns={columns}
      rows={props.bySite}
      rowKey={(part) => part.siteName}
      empty="No job has been placed yet."
    />
  );
}
