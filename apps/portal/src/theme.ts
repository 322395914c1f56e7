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

/** Mantine's own greys in the dark, with the portal's tint. */
const dark: MantineColorsTuple = [
  '#e6ebed',
  '#c9d1d5',
  '#9aa6ad',
  '#6c7880',
  '#2c353a',
  '#262e32',
  '#20272b',
  '#171c1f',
  '#12171a',
  '#0f1315',
];

/** Mantine's theme: one accent, small radii, no shadows to speak of. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, dark },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
  components: {
    // Words about a field stand below it: fields side by side are at one height.
    InputWrapper: {
      defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] },
    },
  },
});
