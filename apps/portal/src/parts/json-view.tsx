import { useState } from 'react';
import { Button, CopyButton } from '@mantine/core';
import classes from './json-view.module.css';

/** Text longer than this is folded until asked for. */
const shortLines = 12;

/** JSON to read: folded when long, with a button that copies it. */
export function JsonView(props: { title: string; value: unknown; isOpen?: boolean }) {
  const isEmpty = isNothing(props.value);
  const text = isEmpty ? '' : JSON.stringify(props.value, null, 2);
  const lines = text.split('\n').length;
  const [isOpen, setOpen] = useState(props.isOpen ?? lines <= shortLines);
  return (
    <section className={classes.view}>
      <div className={classes.bar}>
        <h3>{props.title}</h3>
        {isEmpty ? (
          <span className="ip-dim">none</span>
        ) : (
          <>
            <Button
              variant="subtle"
              size="compact-xs"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Hide' : `Show ${lines} lines`}
            </Button>
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button variant="subtle" size="compact-xs" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </>
        )}
      </div>
      {!isEmpty && isOpen && <pre className="ip-pre">{text}</pre>}
    </section>
  );
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
