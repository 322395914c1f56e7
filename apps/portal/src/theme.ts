import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** A quiet blue-green: the one accent of the portal. */
const petrol: MantineColorsTuple = [
  '#eaf4f7',
  '#d5e6eb',
  '#a8ccd7',
  '#78b1c2',
  '#539ab0',
  '#3b8ca5',
  '#2b7f98',
  '#1c6a81',
  '#145a6f',
  '#064656',
];

/** Mantine's theme: one accent, small radii, no shadows to speak of. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 4 },
  colors: { petrol },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Helvetica, Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
});
