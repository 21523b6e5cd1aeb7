// SPDX-License-Identifier: Apache-2.0
// From a type of Cursor on Target to a symbol of MIL-STD-2525C.  The types of atoms are made from that standard's
// hierarchy: a, affiliation, dimension, then its function letters in capitals; small letters are CoT's own and mean
// finer things, which the standard does not draw.

export type Side = 'friend' | 'hostile' | 'neutral' | 'unknown';

// affiliation of CoT → letter of 2525C, and the colour in which it is drawn; o (none) and x (other) have no letter
const AFFILIATIONS: Record<string, [string, Side]> = {
  p: ['P', 'unknown'], // pending
  u: ['U', 'unknown'],
  a: ['A', 'friend'], // assumed friend
  f: ['F', 'friend'],
  n: ['N', 'neutral'],
  s: ['S', 'hostile'], // suspect
  h: ['H', 'hostile'],
  j: ['J', 'hostile'], // joker: a friend who plays a suspect
  k: ['K', 'hostile'], // faker: a friend who plays a hostile
  o: ['U', 'unknown'],
  x: ['U', 'unknown'],
};

// dimension of CoT → battle dimension; X (other) has none
const DIMENSIONS: Record<string, string> = { P: 'P', A: 'A', G: 'G', S: 'S', U: 'U', F: 'F' };

const FUNCTION_LETTERS = 6;

/* Symbol - letters: S, affiliation, battle dimension, P (present); functions: up to six letters, the coarsest first;
 * an installation says so at place 11 */
export type Symbol = { side: Side; letters: string; functions: string; installation: boolean };

/* symbol_of - null for what is no atom (warnings, points that people drew, chat) */
export function symbol_of(type: string): Symbol | null {
  const [kind, affiliation = '', dimension = '', ...rest] = type.split('-');
  if (kind !== 'a') { return null; }
  const [letter, side] = AFFILIATIONS[Object.hasOwn(AFFILIATIONS, affiliation) ? affiliation : 'u']!;
  if (!Object.hasOwn(DIMENSIONS, dimension)) {
    return { side, letters: `S${letter}ZP`, functions: '', installation: false };
  }
  const stop = rest.findIndex((r) => !/^[A-Z]$/.test(r));
  const functions = (stop < 0 ? rest : rest.slice(0, stop)).slice(0, FUNCTION_LETTERS).join('');
  return { side, letters: `S${letter}${DIMENSIONS[dimension]}P`, functions,
    installation: dimension === 'G' && functions.startsWith('I') };
}

/* sidc_of - fifteen letters, with the first `depth` function letters */
export function sidc_of(symbol: Symbol, depth: number): string {
  const head = symbol.letters + symbol.functions.slice(0, depth).padEnd(FUNCTION_LETTERS, '-');
  return (head + (symbol.installation ? 'H' : '-')).padEnd(15, '-');
}
