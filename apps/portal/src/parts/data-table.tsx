import type { ReactNode } from 'react';
import { useMemo } from 'react';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import classes from './data-table.module.css';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** A column of a {@link DataTable}. */
export interface TableColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** What the column sorts by; only for lists that are here as a whole. */
  sortBy?: (row: T) => string | number;
  align?: 'right';
  /** The column that names the row; on a phone it stands first and alone. */
  isMain?: boolean;
  /** Left out on a phone. */
  isWide?: boolean;
  /** No wider than what stands in it. */
  isNarrow?: boolean;
}

/** A table of rows; on a phone each row becomes a small card. */
export function DataTable<T>(props: {
  label: string;
  columns: TableColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** What stands there when there are no rows. */
  empty: ReactNode;
}) {
  const { columns } = props;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: props.rows as Row[],
    getRowId: (row) => props.rowKey(row as T),
  });
  if (props.rows.length === 0) return <p className={classes.empty}>{props.empty}</p>;
  return (
    <table className={classes.table} aria-label={props.label}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => {
              const column = byId.get(header.column.id);
              const sorted = header.column.getIsSorted();
              const order = sorted === 'asc' ? 'ascending' : 'descending';
              return (
                <th
                  key={header.id}
                  scope="col"
                  data-align={column?.align}
                  data-narrow={column?.isNarrow}
                  aria-sort={sorted === false ? undefined : order}
                >
                  {column?.sortBy ? (
                    <button type="button" onClick={header.column.getToggleSortingHandler()}>
                      {column.header}
                      <span aria-hidden="true">{sortSign(sorted)}</span>
                    </button>
                  ) : (
                    column?.header
                  )}
                </th>
              );
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id}>
            {columns.map((column) => (
              <td
                key={column.id}
                data-align={column.align}
                data-label={column.header}
                data-main={column.isMain}
                data-wide={column.isWide}
                data-narrow={column.isNarrow}
              >
                {column.cell(row.original as T)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Row = Record<string, unknown>;

function toDefinition<T>(column: TableColumn<T>): ColumnDef<typeof features, Row> {
  const { sortBy } = column;
  return {
    id: column.id,
    accessorFn: (row: Row) => sortBy?.(row as T) ?? '',
    enableSorting: sortBy !== undefined,
  };
}

function sortSign(sorted: false | 'asc' | 'desc'): string {
  if (sorted === false) return '';
  return sorted === 'asc' ? ' ↑' : ' ↓';
}
