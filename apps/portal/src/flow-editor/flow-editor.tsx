import { useDeferredValue, useMemo, useState } from 'react';
import { Button, SegmentedControl, Tabs } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { flowGraph } from '@interpulse/domain/flow/flow-graph.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { hub } from '../api/hub.ts';
import { FlowPicture } from '../flow-diagram/flow-picture.tsx';
import { AboutFields } from './about-fields.tsx';
import { CodeEditor } from './code-editor.tsx';
import {
  asWarning,
  definitionLanguage,
  definitionProblems,
  inputSchemaLanguage,
  inputSchemaProblems,
  marksOf,
  type Problem,
} from './definition-language.ts';
import { FormPreview } from './form-preview.tsx';
import { placeAt, rangeOf, readFlowText, translateFlowText } from './flow-text.ts';
import type { FlowText, TextFormat, TextRange } from './flow-text.ts';
import { ProblemList } from './problem-list.tsx';
import { SaveDialog } from './save-dialog.tsx';
import classes from './flow-editor.module.css';

/** What an editor holds while somebody writes. */
export interface FlowDraft {
  name: string;
  title: string;
  description: string;
  project: string;
  definition: string;
  inputSchema: string;
}

const hubDelayMilliseconds = 900;

/** Writes a flow: its definition with the drawing beside it, its input with the form, its name. */
export function FlowEditor(props: { start: FlowDraft; saved: Schemas['Flow'] | null }) {
  const { start, saved } = props;
  const [draft, setDraft] = useState(start);
  const [format, setFormat] = useState<TextFormat>('json');
  const [tab, setTab] = useState<string | null>('definition');
  const [isSaving, setSaving] = useState(false);
  const [hasSaved, setSaved] = useState(false);
  const change = (part: Partial<FlowDraft>) => setDraft((before) => ({ ...before, ...part }));
  const content = useContent(draft, format);
  const isDirty = !hasSaved && draft !== start;
  useBlocker({
    shouldBlockFn: () => isDirty && !window.confirm('Leave without saving the flow?'),
    enableBeforeUnload: isDirty,
  });
  const switchFormat = (next: TextFormat) => {
    setFormat(next);
    const { definition, inputSchema } = draft;
    change({
      definition: translateFlowText(definition, format, next),
      inputSchema: translateFlowText(inputSchema, format, next),
    });
  };
  const errors = content.faults + content.schemaFaults;
  return (
    <>
      <div className={classes.bar}>
        <Tabs value={tab} onChange={setTab} variant="default">
          <Tabs.List aria-label="Parts of the flow">
            <Tabs.Tab value="definition">Definition{faultCount(content.faults)}</Tabs.Tab>
            <Tabs.Tab value="input">Input{faultCount(content.schemaFaults)}</Tabs.Tab>
            <Tabs.Tab value="about">Name and description</Tabs.Tab>
          </Tabs.List>
        </Tabs>
        <div className="ip-row">
          <SegmentedControl
            size="xs"
            aria-label="Format"
            value={format}
            data={[
              { value: 'json', label: 'JSON' },
              { value: 'yaml', label: 'YAML' },
            ]}
            onChange={switchFormat}
          />
          <Button
            disabled={errors > 0}
            title={errors > 0 ? 'What is marked as wrong must be right first' : undefined}
            onClick={() => setSaving(true)}
          >
            Save…
          </Button>
        </div>
      </div>
      {tab === 'definition' && <DefinitionPart {...{ draft, format, content }} onChange={change} />}
      {tab === 'input' && <InputPart {...{ draft, format, content }} onChange={change} />}
      {tab === 'about' && <AboutFields draft={draft} isNew={saved === null} onChange={change} />}
      {isSaving && (
        <SaveDialog
          draft={draft}
          definition={content.definition.value as JsonObject}
          inputSchema={content.inputSchema.value as JsonObject}
          onSaved={() => setSaved(true)}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  );
}

/** The texts of a draft as they were read, and what is wrong with them. */
interface Content {
  definition: FlowText;
  inputSchema: FlowText;
  problems: Problem[];
  schemaProblems: Problem[];
  /** What the hub alone knows. */
  further: Problem[];
  /** How much of each is wrong. */
  faults: number;
  schemaFaults: number;
}

/** Said on the tab: what is wrong on another one keeps this from being saved too. */
function faultCount(faults: number): string {
  return faults === 0 ? '' : ` (${faults} wrong)`;
}

function useContent(draft: FlowDraft, format: TextFormat): Content {
  const definitionText = useDeferredValue(draft.definition);
  const definition = useMemo(() => readFlowText(definitionText, format), [definitionText, format]);
  const inputSchema = useMemo(
    () => readFlowText(draft.inputSchema, format),
    [draft.inputSchema, format],
  );
  const schema = useSchema(inputSchema);
  const problems = useMemo(
    () => (definition.value === undefined ? [] : definitionProblems(definition.value, schema)),
    [definition, schema],
  );
  const schemaProblems = useMemo(() => inputSchemaProblems(inputSchema.value), [inputSchema]);
  const further = useHubProblems(definition.value, schema, problems);
  const wrong = (found: readonly Problem[]) =>
    found.filter(({ severity }) => severity === 'error').length;
  return {
    definition,
    inputSchema,
    problems,
    schemaProblems,
    further,
    faults: definition.problems.length + wrong([...problems, ...further]),
    schemaFaults: inputSchema.problems.length + wrong(schemaProblems),
  };
}

/** The input schema as far as it is one; the same object while its text stays. */
function useSchema({ value }: FlowText): JsonObject {
  return useMemo(() => (isJsonObject(value) ? value : {}), [value]);
}

/** What the hub says beyond what was found here, once typing pauses. */
function useHubProblems(value: unknown, schema: JsonObject, own: Problem[]): Problem[] {
  const [asked] = useDebouncedValue(value, hubDelayMilliseconds);
  const hasFaults = own.some(({ severity }) => severity === 'error');
  const { data } = useQuery({
    queryKey: ['flowCheck', asked, schema],
    queryFn: () =>
      unwrap(
        hub.POST('/api/v1/flows/check', {
          body: { definition: asked as JsonObject, inputSchema: schema },
        }),
      ),
    enabled: isJsonObject(asked) && !hasFaults,
    staleTime: Infinity,
    retry: false,
  });
  if (data === undefined || asked !== value) return [];
  const known = new Set(own.map(({ msg }) => msg));
  const told = [
    ...data.faults.map((fault) => ({ ...fault, severity: 'error' as const })),
    ...data.warnings.map(asWarning),
  ];
  return told
    .filter(({ msg, loc }) => loc[0] === 'definition' && !known.has(msg))
    .map((problem) => ({ ...problem, loc: problem.loc.slice(1) }));
}

interface PartProps {
  draft: FlowDraft;
  format: TextFormat;
  content: Content;
  onChange: (part: Partial<FlowDraft>) => void;
}

function DefinitionPart(props: PartProps) {
  const { draft, format, content, onChange } = props;
  const { definition, inputSchema, problems, further } = content;
  const [goTo, setGoTo] = useState<TextRange | null>(null);
  const [cursor, setCursor] = useState(0);
  // While the text cannot be read the last drawing stays.
  const [drawn, setDrawn] = useState<unknown>(definition.value);
  if (definition.value !== undefined && drawn !== definition.value) setDrawn(definition.value);
  const graph = useMemo(() => flowGraph(drawn), [drawn]);
  const schema = useSchema(inputSchema);
  const language = useMemo(
    () => definitionLanguage(format, schema, further),
    [format, schema, further],
  );
  const at = placeAt(definition, cursor)?.at ?? [];
  const inner = graph.nodes
    .filter((node) => node.type !== 'missing' && node.at.every((step, depth) => at[depth] === step))
    .toSorted((one, other) => other.at.length - one.at.length)[0];
  const marks = marksOf(definition, [...problems, ...further]);
  const faults = useMemo(() => faultsByState(graph.nodes, problems), [graph, problems]);
  return (
    <div className={classes.split}>
      <div className={classes.text}>
        <div className={classes.code}>
          <CodeEditor
            label="Definition"
            text={draft.definition}
            format={format}
            language={language}
            onChange={(text) => onChange({ definition: text })}
            onCursor={setCursor}
            goTo={goTo}
          />
        </div>
        <ProblemList
          marks={marks}
          text={draft.definition}
          onChoose={(mark) => setGoTo({ ...mark })}
        />
      </div>
      <section className="ip-panel" aria-label="Drawing of the flow">
        <h2>Drawing</h2>
        <FlowPicture
          graph={graph}
          faults={faults}
          chosen={inner?.name}
          centreOn={inner?.name}
          onChoose={(state) => setGoTo({ ...rangeOf(definition, state.at) })}
        />
      </section>
    </div>
  );
}

function faultsByState(
  nodes: { name: string; at: (string | number)[]; type: string }[],
  problems: Problem[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { loc, severity } of problems) {
    if (severity !== 'error') continue;
    const around = nodes
      .filter(
        (node) => node.type !== 'missing' && node.at.every((step, depth) => loc[depth] === step),
      )
      .toSorted((one, other) => other.at.length - one.at.length)[0];
    if (around !== undefined) counts.set(around.name, (counts.get(around.name) ?? 0) + 1);
  }
  return counts;
}

function InputPart(props: PartProps) {
  const { draft, format, content, onChange } = props;
  const { inputSchema, schemaProblems } = content;
  const [goTo, setGoTo] = useState<TextRange | null>(null);
  const language = useMemo(() => inputSchemaLanguage(format), [format]);
  const marks = marksOf(inputSchema, schemaProblems);
  return (
    <div className={classes.split}>
      <div className={classes.text}>
        <div className={classes.code}>
          <CodeEditor
            label="Input schema"
            text={draft.inputSchema}
            format={format}
            language={language}
            onChange={(text) => onChange({ inputSchema: text })}
            goTo={goTo}
          />
        </div>
        <ProblemList
          marks={marks}
          text={draft.inputSchema}
          onChoose={(mark) => setGoTo({ ...mark })}
        />
      </div>
      <section className="ip-panel" aria-label="The form that it gives">
        <h2>The form that starts it</h2>
        <FormPreview schema={isJsonObject(inputSchema.value) ? inputSchema.value : null} />
      </section>
    </div>
  );
}
