// SPDX-License-Identifier: Apache-2.0
import type { Connect, Sign } from './accord.js';

export function over_tls(settings: { host?: string; port: number; authority: Uint8Array; certificate: Uint8Array; key: Uint8Array }): Connect;
export function seed_signer(text: string | Uint8Array): Sign;
