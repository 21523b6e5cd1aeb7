/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ACT_H
#define CLI_ACT_H

#include "base/lines.h"
#include "cli/desk.h"

/* An act: the guard renders its text, the text is shown, and each of --as signs exactly that text
 * (docs/format/acts.md).  The text must say what was asked for: the desk in between is not trusted with
 * that. */

#define ACT_BODY_MAX     8192
#define ACT_ATTACHED_MAX 49152 /* what the guard takes with an act (docs/format/requests.md) */

/* act_do - ask, show, sign
 *
 * act         "person-add", …
 * body        its own lines
 * attachment  empty = none
 * answer      the answer to the last signature: a new reference
 * fails       MALFORMED when the body is no text; FORGED when the guard's is about something else; as
 *             desk_ask */
err act_do(struct desk *d, const char *act, span body, span attachment, json_t **answer);

/* act_run - the same as a verb of its own: connect, do it, tell that it was done
 *
 * Of two --as one is enough to begin with: the answer then names the act that waits (`accord sign`), and
 * result stays as it was.
 *
 * result    receives what the guard gave back, of the heap; NULL = it is of no interest.  Under --json its
 *           lines are members of the answer */
err act_run(struct call *c, const char *act, const struct writer *body, span attachment,
            char **result);

/* act_session - one signature, of the first --as, for a while of looking; 16 hexadecimal digits and a NUL */
#define ACT_SESSION_LEN 17
err act_session(struct desk *d, unsigned minutes, char out[static ACT_SESSION_LEN]);

#endif
