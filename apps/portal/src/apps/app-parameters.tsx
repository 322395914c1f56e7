import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { fieldWords, memberFields, type FormField } from '../schema-form/form-field.ts';

type App = Schemas['RegisteredApp'];

const parameterColumns: TableColumn<FormField>[] = [
  {
    id: 'name',
    header: 'Name',
    isMain: true,
    isNarrow: true,
    cell: (field) => (
      <>
        <span className="ip-mono">{field.name}</span>
        {field.isRequired && <span className="ip-dim"> needed</span>}
      </>
    ),
  },
  { id: 'type', header: 'Value', cell: typeWords },
  {
    id: 'default',
    header: 'By default',
    cell: (field) => (field.byDefault === undefined ? '' : valueWords(field.byDefault)),
  },
  { id: 'what', header: 'What it is', isText: true, cell: (field) => field.description },
];

function typeWords(field: FormField): string {
  if (field.options.length > 0) return field.options.map(({ label }) => label).join(', ');
  return fieldWords(field) || (field.kind === 'boolean' ? 'yes or no' : 'text');
}

function valueWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The parameters of an app. */
export function AppParameters(props: { app: App }) {
  const schema = props.app.parameters as JsonObject;
  return (
    <DataTable
      label="Parameters"
      columns={parameterColumns}
      rows={memberFields(schema, schema)}
      rowKey={(field) => field.name}
      empty="It has none."
    />
  );
}

interface AppFile {
  kind: 'in' | 'out';
  name: string;
  what: string;
  isRequired: boolean;
}

const fileColumns: TableColumn<AppFile>[] = [
  { id: 'kind', header: '', isNarrow: true, cell: (file) => file.kind },
  {
    id: 'name',
    header: 'Name',
    isMain: true,
    isNarrow: true,
    cell: (file) => <span className="ip-mono">{file.name}</span>,
  },
  {
    id: 'what',
    header: 'What, or where in the work directory',
    isText: true,
    cell: (file) => file.what,
  },
  {
    id: 'required',
    header: 'Needed',
    isNarrow: true,
    cell: (file) => (file.isRequired ? 'yes' : 'no'),
  },
];

/** The files that an app reads and those that it leaves. */
export function AppFilesTable(props: { app: App }) {
  const { inputs, outputs } = props.app;
  const rows: AppFile[] = [
    ...inputs.map(({ name, description, required }) => ({
      kind: 'in' as const,
      name,
      what: description,
      isRequired: required,
    })),
    ...outputs.map(({ name, path, required }) => ({
      kind: 'out' as const,
      name,
      what: path,
      isRequired: required,
    })),
  ];
  return (
    <DataTable
      label="Files"
      columns={fileColumns}
      rows={rows}
      rowKey={(file) => `${file.kind} ${file.name}`}
      empty="None."
    />
  );
}
