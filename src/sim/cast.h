/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_CAST_H
#define SIM_CAST_H

#include "sim/state.h"

/* cast - the people at the desks: authors who submit, readers who may and who may not, officers who decide.
 * They ask through the desk's own interface, and sign with their own keys. */

enum player {
    PLAYER_AUTHOR,
    PLAYER_READER,
    PLAYER_NO_NEED,
    PLAYER_NO_CLEARANCE,
    PLAYER_FOREIGN,
    PLAYER_OFFICER,
    PLAYER_SECOND,
    PLAYER_COUNT
};
extern const char *const player_name[PLAYER_COUNT];

/* matter - what a product may be, and what its text makes of it, read by a person
 *
 * to        the parties in its list, a bit each;  low: of the lowest level
 * scene     in which worlds; SCENE_NONE: in all
 * extent, reduced   what its author states; NULL: nothing
 * never     the parties to which it must not go for its place, its time or its fineness, a bit each
 * hours     it goes in these hours only: from 22:00 to 01:00
 * within_s  destroyed so long after it came; 0: no time is owed.  copies: so many at most; 0: any number */
struct matter_row {
    unsigned    party;
    const char *marking, *kind;
    unsigned    to;
    bool        low;
    unsigned    scene;
    const char *extent, *reduced;
    unsigned    never;
    bool        hours;
    unsigned    within_s, copies;
};
extern const struct matter_row matter_rows[];
extern const size_t            matter_row_count;

/* product - as its author knows it
 *
 * acked      the desk said that it is safe
 * misplaced  it states a place and a reduction that are not its own: a fault */
struct product {
    unsigned                 gateway;
    const struct matter_row *matter;
    char                     title[32];
    uint8_t                 *content;
    size_t                   len;
    id                       epoch;
    bool                     named, acked, misplaced;
};

enum task_kind {
    TASK_SUBMIT,
    TASK_OPEN,
    TASK_WATCH,
    TASK_DECIDE,
    TASK_LIST,
    TASK_PAUSE,
    TASK_ORDER,
    TASK_LOSS,
    TASK_CERTIFY,
    TASK_END,
    TASK_NOTICE,
    TASK_KINDS
};

/* task - one thing that somebody wants done, step by step
 *
 * turn     of the question that is open; an answer to another is too late
 * next     what is done with its answer
 * certain  it must succeed: an oracle wants to know
 * both     the act is signed by the second officer too; said: what he signs
 * step     of a task that has several: 0 is the first */
struct task;
typedef void task_next(struct world *w, struct task *t, unsigned status, const char *json);
struct task {
    enum task_kind    kind;
    struct gateway   *gateway;
    enum player       role;
    bool              active, waits, certain;
    uint32_t          slot, turn;
    unsigned          tries, status;
    task_next        *next, *signed_next;
    char              act[32], body[256], path[64], path_kept[32], attachment[128];
    bool              both;
    unsigned          step;
    char             *said;
    uint64_t          session;
    size_t            product; /* in the cast's table */
    id                handle;
    size_t            sent, got, len;
    struct seen_shown shown;
};

/* cast - further: of each party what it gives by its bonds; NULL: nobody has any */
struct further;
struct cast {
    struct product *product;
    size_t          product_count, product_max;
    struct task   **task;
    size_t          task_count, task_max;
    bool            closing;
    struct further *further;
};

err          cast_enrol(struct gate *g, unsigned foreigner);
struct cast *cast_new(struct world *w);
void         cast_plan(struct world *w, int64_t until_us);
void         cast_closing(struct world *w);
bool         cast_idle(const struct world *w);
void         cast_free(struct cast *c);

/* product_of - the one that is sealed in this epoch; NULL when there is none */
const struct product *product_of(const struct world *w, const id *epoch);

/* product_named - the same, also when it is not known to be safe */
const struct product *product_named(const struct world *w, const id *epoch);

/* cast_desk_gone - who asked this desk something will not be answered */
void cast_desk_gone(struct gateway *g);

void on_answer(struct world *w, const struct event *e);
void on_errand(struct world *w, const struct event *e);

/* cast_may_open - the plain reading of who may see what, to which the guards are held */
bool cast_may_open(const struct gateway *at, enum player role, const struct matter_row *m);
bool may_watch(enum player role);
/* may_watch_of - the same, of the feeds of that party */
bool may_watch_of(const struct gateway *at, enum player role, unsigned giver);

/* ---- task.c: asking and signing ---- */
struct task *task_new(struct world *w, enum task_kind kind, unsigned gateway, enum player role);
void         task_begin(struct world *w, struct task *t, int64_t in_us);
void         task_end(struct world *w, struct task *t);
/* task_again - try from the start a little later, unless it was tried too often */
void task_again(struct world *w, struct task *t);
/* task_ask - put the question; json may be empty */
void task_ask(struct task *t, enum ask what, span json, task_next *next);
/* task_act - ask for an act, sign it, and go on with what came of it */
void         task_act(struct task *t, const char *act, const char *body, task_next *next);
struct asker task_asker(const struct task *t);
struct task *task_of(struct world *w, struct asker a);
void         task_terminal(const struct task *t, uint8_t out[static TERMINAL_LEN]);

/* json_member - the first string member of this key from `json` on; false when there is none
 * after   receives where it ends; may be NULL */
bool json_member(const char *json, const char *key, char *out, size_t max, const char **after);
void json_put(struct writer *w, const char *key, const char *value, bool last);

/* Each kind's first step */
void submit_begin(struct world *w, struct task *t);
void open_begin(struct world *w, struct task *t);
void watch_begin(struct world *w, struct task *t);
void decide_begin(struct world *w, struct task *t);
void list_begin(struct world *w, struct task *t);
void stop_begin(struct world *w, struct task *t);
void back_begin(struct world *w, struct task *t);
void loss_begin(struct world *w, struct task *t);
void certify_begin(struct world *w, struct task *t);
void end_begin(struct world *w, struct task *t);
void notice_begin(struct world *w, struct task *t);

/* What the desk's port gives them */
void open_piece(struct world *w, struct task *t, span bytes);
void watch_event(struct world *w, struct task *t, const char *kind, span data);

#endif
