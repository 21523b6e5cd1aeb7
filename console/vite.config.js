// SPDX-License-Identifier: Apache-2.0
// One page of four files under fixed names: what the desk serves is a closed list (docs/format/display-api.md).
import { defineConfig } from 'vite';
import { land } from './plugins/land.js';
import { licences } from './plugins/licences.js';

export default defineConfig({
  base: './',
  plugins: [land(), licences()],
  build: {
    outDir: 'wall',
    target: 'es2022',
    modulePreload: false,
    chunkSizeWarningLimit: 4096,
    rollupOptions: {
      output: {
        entryFileNames: 'wall.js',
        assetFileNames: 'wall[extname]',
        inlineDynamicImports: true,
      },
    },
  },
});
