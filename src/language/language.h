/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_LANGUAGE_H
#define LANGUAGE_LANGUAGE_H

#include "agreement/agreement.h"
#include "config/diagnostic.h"

/* The text of an agreement into its compiled form (docs/format/agreement-language.md).
 *
 * What is compiled depends on the text, on the policies and, for an arrangement without a line
 * `parties`, on whose agreements it stands under: nothing else.  So every party that compiles the
 * same text signs the same table. */

/* language_is_rules - does the text begin with `rules`?  (else it is an agreement or nothing) */
bool language_is_rules(span text);

/* language_compile - an agreement or arrangement
 *
 * policies  define every party, topic, discipline and level that the text may name
 * parents   loaded agreements; those that the text stands under are looked up by name
 * d         receives every mistake with its place
 * out       untouched on failure; text_digest and digest are zeros: the caller hashes
 * fails     MALFORMED or LIMIT when d has a new error, FULL without memory
 * cost      one pass over the text; 8 MiB of heap at most, given back */
err language_compile(span text, const struct policies *policies, texts parents,
                     struct diagnostics *d, struct agreement *out);

/* language_compile_rules - the national rules of one party; the rest as language_compile */
err language_compile_rules(span text, const struct policies *policies, struct diagnostics *d,
                           struct rules *out);

/* language_check, language_check_rules - compile, then judge what was meant
 *
 * agreements  that the rules are held against; none: not known
 * d         also receives what compiles and is still wrong or worth a look: clauses that nothing can
 *           match, clauses that add nothing, permissions that a never defeats, layers that loosen, covered
 *           levels without an equivalent, one-sided permissions and duties, missing ceilings, duties that
 *           no machine can watch, windows that never open, definitions that nothing uses, vague words, …
 * fails     as compiling does, and MALFORMED when a finding is an error */
err language_check(span text, const struct policies *policies, texts parents, struct diagnostics *d,
                   struct agreement *out);
err language_check_rules(span text, const struct policies *policies, texts agreements,
                         struct diagnostics *d, struct rules *out);

#endif
