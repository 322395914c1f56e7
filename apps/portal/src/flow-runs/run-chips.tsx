import { Button } from '@mantine/core';

const words = { trigger: 'trigger', batch: 'batch', tags: 'tagged' } as const;

/** What a list of flow runs is limited to by a link that led here; each can be taken off. */
export function RunChips(props: {
  search: { [K in keyof typeof words]?: string };
  onChange: (change: { [K in keyof typeof words]?: string }) => void;
}) {
  const given = (Object.keys(words) as (keyof typeof words)[]).filter((key) => props.search[key]);
  if (given.length === 0) return null;
  return (
    <div className="ip-row" style={{ marginBottom: 12 }}>
      {given.map((key) => (
        <Button
          key={key}
          variant="default"
          size="compact-sm"
          aria-label={`Take off: ${words[key]} ${props.search[key]}`}
          onClick={() => props.onChange({ [key]: '' })}
        >
          {words[key]} {key === 'batch' ? '' : props.search[key]} ✕
        </Button>
      ))}
    </div>
  );
}
