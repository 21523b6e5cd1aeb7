// SPDX-License-Identifier: Apache-2.0
export interface Answer { status: number; pieces(): AsyncIterable<Uint8Array> }
export interface Options { headers?: Record<string, string>; body?: Uint8Array; signal?: AbortSignal }
export type Connect = (method: 'GET' | 'POST', target: string, options?: Options) => Promise<Answer>;
export type Sign = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export class Refused extends Error {
  readonly code: string;
  readonly status: number;
}

export class Seen {
  constructor(text?: string);
  note(report: { originator: string; feed: string }, id: string): boolean;
  readonly ids: string;
  toString(): string;
}

/** kind: report, note, dark, light (docs/format/desk-api.md); back and lost are the client's own */
export interface DeskEvent { kind: string; id: string; data: Record<string, any> }
export interface Product { kind: string; precedence?: 'FLASH' | 'IMMEDIATE' | 'PRIORITY' | 'ROUTINE'; marking: string; title: string; translation_of?: string }
export interface Presence { reader: string; room: string; number: number; said?: string[]; time?: Date }

export function seed_pkcs8(text: string): Uint8Array;
export function seed_key(text: string): Promise<CryptoKey>;
export function key_signer(key: CryptoKey): Sign;
export function over_fetch(url?: string): Connect;

export class Desk {
  constructor(settings: { connect?: Connect; party: string; person: string; sign: Sign; minutes?: number });
  ask(method: 'GET' | 'POST', target: string, body?: unknown): Promise<any>;
  act(act: string, body: string): Promise<any>;
  session(): Promise<string>;
  submit(product: Product, content: Uint8Array): Promise<string>;
  open(handle: string, purpose: string): Promise<{ banner: string; describe: string; content: Uint8Array }>;
  presence(presence: Presence): Promise<number>;
  follow(wanted?: { originator?: string; feed?: string; seen?: Seen; signal?: AbortSignal }): AsyncGenerator<DeskEvent>;
}
