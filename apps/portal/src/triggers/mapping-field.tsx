import { lazy, Suspense, useMemo, useState } from 'react';
import type { Fault } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { readFlowText, writeFlowText } from '../flow-editor/flow-text.ts';
import { mappingLanguage } from './mapping-language.ts';
import classes from './triggers.module.css';
import { pageCode } from '../shell/page-code.ts';

const CodeEditor = lazy(
  pageCode(async () => {
    const { CodeEditor: editor } = await import('../flow-editor/code-editor.tsx');
    return { default: editor };
  }),
);

/** How an input is made of a document: an editor, with an example of the document beside it. */
export function MappingField(props: {
  label: string;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** Told while the text cannot be read. */
  onBroken: (isBroken: boolean) => void;
  example: JsonObject;
  /** What the example is one of. */
  exampleTitle: string;
  inputSchema: JsonObject;
  faults: readonly Fault[];
  /** What it comes to on the example. */
  children?: React.ReactNode;
}) {
  const { value, example, inputSchema, faults } = props;
  const isEmpty = Object.keys(value).length === 0;
  const [text, setText] = useState(isEmpty ? '' : writeFlowText(value, 'yaml'));
  const language = useMemo(() => mappingLanguage(example, inputSchema), [example, inputSchema]);
  const change = (typed: string) => {
    setText(typed);
    const read = readFlowText(typed, 'yaml');
    const isReadable = read.problems.length === 0;
    const found = read.value ?? {};
    const isGood = isReadable && isJsonObject(found);
    props.onBroken(!isGood);
    if (isGood) props.onChange(found);
  };
  return (
    <div className={classes.mapping}>
      <div className="ip-stack" style={{ gap: 10, minWidth: 0 }}>
        <div className={classes.code}>
          <Suspense fallback={<p className="ip-dim">…</p>}>
            <CodeEditor
              label={props.label}
              text={text}
              format="yaml"
              language={language}
              onChange={change}
            />
          </Suspense>
        </div>
        <p className={classes.note} style={{ margin: 0 }}>
          <code>name: 5</code> is a constant, <code>name.$: $.file</code> a path,{' '}
          <code>name.=: metadata.frames - 1</code> an expression. Ctrl+Space proposes.
        </p>
        {faults.length > 0 && (
          <ul className={classes.faults}>
            {faults.map(({ loc, msg }) => (
              <li key={`${loc.join('.')} ${msg}`}>
                <code>{loc.slice(1).join('.')}</code> {msg}
              </li>
            ))}
          </ul>
        )}
        {props.children}
      </div>
      <div style={{ minWidth: 0 }}>
        <h3 className="ip-heading">{props.exampleTitle}</h3>
        <pre className={`ip-pre ${classes.example}`}>{JSON.stringify(example, null, 2)}</pre>
      </div>
    </div>
  );
}
