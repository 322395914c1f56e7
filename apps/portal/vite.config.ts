import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The hub that the development server asks; `interpulse up` listens here by default. */
const hubAddress = process.env['INTERPULSE_HUB'] ?? 'http://127.0.0.1:8080';

/** Rolldown gives paths with `/` or, on Windows, with backslashes. */
const vendor = (names: string) => new RegExp(`node_modules/(${names})/`.replaceAll('/', '[\\\\/]'));

/** Of every page; the table comes with the pages that have one. */
const tanstack = [
  'history',
  'query-core',
  'react-query',
  'react-router',
  'react-store',
  'router-core',
  'store',
];

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  server: { proxy: { '/api': { target: hubAddress } } },
  build: {
    target: 'es2023',
    // For the licences of an installed copy: see tools/package.
    license: true,
    // H5Web with three.js is one lazy chunk of this size; everything else is far below it.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: vendor('react|react-dom|scheduler'), priority: 3 },
            { name: 'tanstack', test: vendor(`@tanstack/(${tanstack.join('|')})`), priority: 2 },
          ],
        },
      },
    },
  },
});
