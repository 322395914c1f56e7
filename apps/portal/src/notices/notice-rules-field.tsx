import { Button, MultiSelect, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { placeSchema } from '@interpulse/domain/notice/notice-place.ts';
import { queries } from '../api/queries.ts';
import { occasionChoices } from './notice-words.ts';

type Rules = Schemas['Flow']['notify'];

/** Who is told of flow runs, beside those whose settings ask for it: rules, one below another. */
export function NoticeRulesField(props: { rules: Rules; onChange: (rules: Rules) => void }) {
  const { rules, onChange } = props;
  const { data } = useQuery(queries.notices());
  const rooms = (data?.ways.chats ?? []).map((chat) => `chat:${chat}`);
  const change = (at: number, rule: Partial<Rules[number]>) =>
    onChange(rules.with(at, { ...rules[at]!, ...rule }));
  return (
    <>
      {rules.map(({ on, to }, at) => (
        <div key={at} className="ip-row" style={{ alignItems: 'start' }}>
          <MultiSelect
            label="When"
            w={240}
            value={on}
            error={on.length === 0 && 'choose at least one'}
            data={[...occasionChoices]}
            onChange={(chosen) => change(at, { on: chosen })}
          />
          <TagsInput
            label="Tell"
            description="user:NAME, mail:ADDRESS, chat:ROOM, webhook:URL"
            style={{ flex: 1, minWidth: 220 }}
            acceptValueOnBlur
            value={to}
            error={faultOf(to)}
            data={['owner', 'managers', 'respondents', ...rooms]}
            onChange={(places) => change(at, { to: places })}
          />
          <Button mt="lg" variant="default" onClick={() => onChange(rules.toSpliced(at, 1))}>
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange([...rules, { on: ['failed'], to: ['owner'] }])}
        >
          Add who is told
        </Button>
      </div>
    </>
  );
}

function faultOf(places: readonly string[]): string | null {
  if (places.length === 0) return 'name at least one';
  const wrong = places.find((place) => !placeSchema.safeParse(place).success);
  return wrong === undefined ? null : `"${wrong}" is no place`;
}
