import { useState } from 'react';
import { Button, CopyButton, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { JsonObject } from '@interpulse/domain/json.ts';
import classes from '../parts/json-view.module.css';

/** A definition with its input schema to read and copy, as JSON or YAML. */
export function DefinitionText(props: { definition: JsonObject; inputSchema: JsonObject }) {
  const { definition, inputSchema } = props;
  const [isOpen, setOpen] = useState(false);
  const [format, setFormat] = useState<'json' | 'yaml'>('json');
  const document = { definition, inputSchema };
  const yaml = useQuery({
    queryKey: ['yaml', document],
    // The writer of YAML comes when somebody wants to read some.
    queryFn: async () => (await import('yaml')).stringify(document, { lineWidth: 100 }),
    enabled: isOpen && format === 'yaml',
    staleTime: Infinity,
  });
  const text = format === 'json' ? JSON.stringify(document, null, 2) : (yaml.data ?? '…');
  return (
    <section className={classes.view}>
      <div className={classes.bar}>
        <h3>Definition</h3>
        <SegmentedControl
          size="xs"
          aria-label="Format"
          value={format}
          data={[
            { value: 'json', label: 'JSON' },
            { value: 'yaml', label: 'YAML' },
          ]}
          onChange={(value) => {
            setFormat(value);
            setOpen(true);
          }}
        />
        <Button
          variant="subtle"
          size="compact-xs"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide' : 'Show'}
        </Button>
        {isOpen && (
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button variant="subtle" size="compact-xs" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        )}
      </div>
      {isOpen && <pre className="ip-pre">{text}</pre>}
    </section>
  );
}
