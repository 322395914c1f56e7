import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatMeasured } from '../format/quantity.ts';

type Run = Schemas['InstrumentRun'];

/** A column of the run table that some runs have and others have not. */
export interface RunColumn {
  /** `p:` and the name of a parameter, or `r:` and the key of a result. */
  id: string;
  header: string;
  isNumeric: boolean;
  /** What stands in the cell; empty where a run has none. */
  text: (run: Run) => string;
  /** What it sorts by. */
  order: (run: Run) => string | number;
  /** The value as a program reads it. */
  plain: (run: Run) => string;
}

/** The columns of all parameters and results that these runs have, in the order they came. */
export function runColumns(runs: readonly Run[]): RunColumn[] {
  const names = new Set(runs.flatMap((run) => Object.keys(run.parameters)));
  const keys = new Set(runs.flatMap((run) => run.results.map(({ key }) => key)));
  return [
    ...[...names].map((name) => parameterColumn(name, runs)),
    ...[...keys].map((key) => resultColumn(key, runs)),
  ];
}

function parameterColumn(name: string, runs: readonly Run[]): RunColumn {
  const valueOf = (run: Run): unknown =>
    Object.hasOwn(run.parameters, name) ? run.parameters[name] : undefined;
  return {
    id: `p:${name}`,
    header: name,
    isNumeric: runs.some((run) => typeof valueOf(run) === 'number'),
    text: (run) => shown(valueOf(run)),
    order: (run) => orderOf(valueOf(run)),
    plain: (run) => plainText(valueOf(run)),
  };
}

function resultColumn(key: string, runs: readonly Run[]): RunColumn {
  const resultOf = (run: Run) => run.results.find((result) => result.key === key);
  const units = new Set(runs.flatMap((run) => resultOf(run)?.unit ?? []));
  const [unit] = units;
  const isOneUnit = units.size === 1;
  return {
    id: `r:${key}`,
    header: isOneUnit ? `${key} (${unit})` : key,
    isNumeric: runs.some((run) => typeof resultOf(run)?.value === 'number'),
    text: (run) => {
      const result = resultOf(run);
      const text = shown(result?.value, result?.error ?? undefined);
      return isOneUnit || !result?.unit || text === '' ? text : `${text} ${result.unit}`;
    },
    order: (run) => orderOf(resultOf(run)?.value),
    plain: (run) => plainText(resultOf(run)?.value),
  };
}

function shown(value: unknown, error?: number): string {
  return typeof value === 'number' ? formatMeasured(value, error) : plainText(value);
}

function orderOf(value: unknown): string | number {
  if (typeof value === 'number') return value;
  return value === undefined ? '' : plainText(value);
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The runs as a table for other programs, RFC 4180. */
export function runsCsv(runs: readonly Run[], columns: readonly RunColumn[]): string {
  const head = ['run', 'began', 'ended', 'answered after (s)', 'flow run', 'data', 'result'];
  const rows = runs.map((run) => [
    String(run.number),
    run.takenAt,
    run.endedAt ?? '',
    run.answerSeconds === null ? '' : String(run.answerSeconds),
    run.flowRunId ?? '',
    run.datasetId ?? '',
    run.resultDatasetId ?? '',
    ...columns.map((column) => column.plain(run)),
  ]);
  const all = [[...head, ...columns.map(({ header }) => header)], ...rows];
  return all.map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

/** Texts that a spreadsheet would take for a formula are made texts. */
function csvCell(text: string): string {
  const isFormula = /^[=+@\t\r]/.test(text) || (text.startsWith('-') && Number.isNaN(Number(text)));
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
