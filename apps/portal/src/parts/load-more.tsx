import { Button } from '@mantine/core';

/** The end of a list that has more: asks for the next page. */
export function LoadMore(props: {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  label?: string;
}) {
  if (!props.hasNextPage) return null;
  return (
    <Button
      variant="default"
      size="xs"
      loading={props.isFetchingNextPage}
      onClick={() => void props.fetchNextPage()}
      mt="sm"
    >
      {props.label ?? 'Show older'}
    </Button>
  );
}
