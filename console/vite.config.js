// SPDX-License-Identifier: Apache-2.0
// One page of three files under fixed names, and the licences of what is in them (docs/format/display-api.md).
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
