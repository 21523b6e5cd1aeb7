// SPDX-License-Identifier: Apache-2.0
// What of others is in the page, with their licences, as these ask for: licences.txt beside it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

function folder_of(id) {
  let folder = dirname(id.replace(/^\0/, '').replace(/\?.*/, ''));
  while (folder.includes('node_modules') && !existsSync(join(folder, 'package.json'))) { folder = dirname(folder); }
  return folder.includes('node_modules') ? folder : null;
}

function text_of(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `${license}`;
  return `${name} ${version}\n\n${text}\n`;
}

export function licences() {
  const also = ['world-atlas']; // read when the page is built: its data are in the page, its code is not
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => Object.keys(chunk.modules ?? {}));
      const folders = new Set([...modules.map(folder_of).filter((f) => f && existsSync(join(f, 'package.json'))),
        ...also.map((name) => join(process.cwd(), 'node_modules', name))]);
      const named = [...folders].filter((f) => JSON.parse(readFileSync(join(f, 'package.json'), 'utf8')).name);
      this.emitFile({ type: 'asset', fileName: 'licences.txt',
        source: named.sort().map(text_of).join('\n----------------------------------------\n\n') });
    },
  };
}
