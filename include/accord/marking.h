/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORD_MARKING_H
#define ACCORD_MARKING_H

#include <stddef.h>

#include "accord/code.h"

/* libaccord-marking - markings of classified information for other programs: labels under any Open XML SPIF
 * policy, lines and attributes of the US register, and Accord's own canonical text.  accord-marking(3) is the
 * manual; `pkg-config --cflags --libs accord-marking` says how to link.
 *
 * Results are an enum accord_code: ACCORD_OK is 0, and with any other the outputs are as they were.  Nothing is
 * guessed, defaulted or dropped: what is not understood is refused, with a sentence, the value and the place.
 *
 * Memory   what a function gives out by an accord_… ** is freed by the function of its name; text goes into the
 *          caller's buffer.  Pointers are not NULL where it does not say so.  Policies outlive all that was made
 *          with them; markings and readers may outlive their context, but for those that it interned.
 * Threads  policies are loaded by one thread, and do not change once there is a context.  A context is for one
 *          thread at a time.  Markings and readers never change: any thread may use them.
 * Versions calls and numbers are added, never changed, within one major number of the shared object. */

#ifdef __cplusplus
extern "C" {
#endif

#define ACCORD_MARKING_MAJOR 1
#define ACCORD_MARKING_MINOR 0

/* Limits, in bytes where it does not say otherwise */
#define ACCORD_VALUE_MAX        4194304 /* longest marking that is read */
#define ACCORD_TEXT_MAX         262144  /* room for every marking that can be written */
#define ACCORD_GIVEN_MAX        1024    /* longest text of accord_context_set */
#define ACCORD_JOINED_MAX       64      /* markings that are joined at once */
#define ACCORD_INTERN_MAX       1024    /* different texts that a context interns */
#define ACCORD_INTERN_BYTES_MAX 4096    /* longest of them */

typedef struct accord_error    accord_error;
typedef struct accord_policies accord_policies;
typedef struct accord_context  accord_context;
typedef struct accord_marking  accord_marking;
typedef struct accord_reader   accord_reader;

/* accord_version - of the library that runs: "1.0" */
ACCORD_API const char *accord_version(void);

/* ---- errors ---- */

/* accord_error - why the last call that was given it failed; every call takes NULL in place of one
 *
 * accord_error_new       NULL without memory
 * accord_error_code      ACCORD_OK when that call succeeded
 * accord_error_sentence  in a user's words, never bytes from outside; "" when that call succeeded
 * accord_error_value     what is wrong, at most 63 bytes; "" when it is nothing that stands there
 * accord_error_about     what was given, value, place and rule in one line of at most 255 bytes
 * accord_error_line, _offset   lines from 1, bytes from 0; both 0 where there is no place
 *
 * Texts live until the next call with this error. */
ACCORD_API accord_error    *accord_error_new(void);
ACCORD_API void             accord_error_free(accord_error *e);
ACCORD_API enum accord_code accord_error_code(const accord_error *e);
ACCORD_API const char      *accord_error_sentence(const accord_error *e);
ACCORD_API const char      *accord_error_value(const accord_error *e);
ACCORD_API const char      *accord_error_about(const accord_error *e);
ACCORD_API unsigned         accord_error_line(const accord_error *e);
ACCORD_API size_t           accord_error_offset(const accord_error *e);

/* ---- policies ---- */

/* accord_policies - policies, and the groups of the US register, that markings are read under
 *
 * accord_policies_new      empty; NULL without memory
 * …_add_file, …_add_bytes  one Open XML SPIF policy; CONFLICT when one of its name or identifier is there
 * …_add_groups_file, …_add_groups_bytes   the table of groups; without it nothing of the register is read
 * …_add_label_groups_file, …_add_label_groups_bytes   the table of groups of labels; without it a group whose
 *                          members are dated opens to nobody
 * …_add_folder             policies, those in its folder labels/, and the groups.table of each; NULL: the
 *                          installed ones.  A policy that is there already stands
 * …_name                   of the i-th policy, from 0; UNKNOWN after the last
 *
 * All fail with STATE once there is a context. */
ACCORD_API accord_policies *accord_policies_new(void);
ACCORD_API void             accord_policies_free(accord_policies *p);
ACCORD_API enum accord_code accord_policies_add_file(accord_policies *p, const char *path,
                                                     accord_error *e);
ACCORD_API enum accord_code accord_policies_add_bytes(accord_policies *p, const void *bytes,
                                                      size_t len, accord_error *e);
ACCORD_API enum accord_code accord_policies_add_groups_file(accord_policies *p, const char *path,
                                                            accord_error *e);
ACCORD_API enum accord_code accord_policies_add_groups_bytes(accord_policies *p, const void *bytes,
                                                             size_t len, accord_error *e);
ACCORD_API enum accord_code
accord_policies_add_label_groups_file(accord_policies *p, const char *path, accord_error *e);
ACCORD_API enum accord_code accord_policies_add_label_groups_bytes(accord_policies *p,
                                                                   const void *bytes, size_t len,
                                                                   accord_error *e);
ACCORD_API enum accord_code accord_policies_add_folder(accord_policies *p, const char *path,
                                                       accord_error *e);
ACCORD_API enum accord_code accord_policies_name(const accord_policies *p, unsigned i, char *text,
                                                 size_t max, accord_error *e);

/* ---- forms ---- */

/* accord_form_name, accord_form_title - of the i-th form, from 0: "stanag4774", "banner"; NULL after the last
 * accord_form_is_binary - 1 when it is no text, 0 when it is, or when there is no such form */
ACCORD_API const char *accord_form_name(unsigned i);
ACCORD_API const char *accord_form_title(unsigned i);
ACCORD_API int         accord_form_is_binary(const char *form);

/* ---- contexts ---- */

/* accord_given - what is said beside a marking; lists have commas
 *
 * TOPICS, DISCIPLINES  of a marking that is made of a line or label that does not say them
 * OF                   whose a label or national line is; otherwise the policy's
 * BANNER               of the page on which a portion stands
 * CREATED              of a label that must say it: 2026-11-22T00:00:00Z
 * LEAVE_OUT            what may be lost: kind, originator, id, created, review, topics, disciplines, authority */
enum accord_given {
    ACCORD_GIVEN_TOPICS = 0,
    ACCORD_GIVEN_DISCIPLINES = 1,
    ACCORD_GIVEN_OF = 2,
    ACCORD_GIVEN_BANNER = 3,
    ACCORD_GIVEN_CREATED = 4,
    ACCORD_GIVEN_LEAVE_OUT = 5
};

/* Flags of accord_context_new: LENIENT reads labels that deviate and lose nothing, and says how */
#define ACCORD_LENIENT 1u

/* accord_context_new - one thread's context   fails UNKNOWN on a flag it does not know; FULL
 * accord_context_set - a text that is copied; NULL: not given   fails UNKNOWN, LIMIT past ACCORD_GIVEN_MAX */
ACCORD_API enum accord_code accord_context_new(accord_policies *p, unsigned flags,
                                               accord_context **out, accord_error *e);
ACCORD_API void             accord_context_free(accord_context *c);
ACCORD_API enum accord_code accord_context_set(accord_context *c, enum accord_given what,
                                               const char *text, accord_error *e);

/* ---- markings ---- */

/* accord_marking_read - bytes as a marking
 *
 * form    its name; NULL: the one that it looks like, which accord_marking_guessed then tells
 * fails   MALFORMED, UNKNOWN, LIMIT with value and place; FULL
 * cost    3 to 10 microseconds and one allocation of 5 KiB
 *
 * accord_marking_intern - the same, and found again by its exact bytes
 *
 * out     the context's: it is not freed, and lives as long as the context
 * fails   also LIMIT for a text that is too long, FULL when as many are kept as may be
 * cost    under a microsecond when it was read before */
ACCORD_API enum accord_code accord_marking_read(accord_context *c, const char *form,
                                                const void *bytes, size_t len, accord_marking **out,
                                                accord_error *e);
ACCORD_API enum accord_code accord_marking_intern(accord_context *c, const char *form,
                                                  const void *bytes, size_t len,
                                                  const accord_marking **out, accord_error *e);
ACCORD_API void             accord_marking_free(accord_marking *m);

/* accord_marking_form      the name of the form in which it was read
 * accord_marking_guessed   1 when the form was not named
 * accord_marking_deviation the i-th way in which a lenient context found it to deviate; NULL after the last */
ACCORD_API const char *accord_marking_form(const accord_marking *m);
ACCORD_API int         accord_marking_guessed(const accord_marking *m);
ACCORD_API const char *accord_marking_deviation(const accord_marking *m, unsigned i);

/* accord_marking_write - in a form, with a NUL behind it
 *
 * text    max bytes, the NUL among them; len (may be NULL) receives how many were written without it
 * fails   MALFORMED when something would be lost that ACCORD_GIVEN_LEAVE_OUT does not name, or when a label is
 *         not valid under its policy; LIMIT when the buffer is too small: ACCORD_TEXT_MAX is enough for all
 *
 * accord_marking_convert - the same as a marking, in the family of that form */
ACCORD_API enum accord_code accord_marking_write(accord_context *c, const accord_marking *m,
                                                 const char *form, char *text, size_t max,
                                                 size_t *len, accord_error *e);
ACCORD_API enum accord_code accord_marking_convert(accord_context *c, const accord_marking *m,
                                                   const char *form, accord_marking **out,
                                                   accord_error *e);

/* accord_hear - whoever is told, a line of UTF-8 at a time, which lives until it returns */
typedef void (*accord_hear)(void *to, const char *line);

/* accord_marking_valid   1 or 0; hear (may be NULL) is told each reason why not
 * accord_marking_explain each part in a sentence
 * accord_marking_display the line that stands at the top of a page; DENIED when there is none for it
 *
 * language  RFC 5646: "en", "ko", "ja", "fr"; titles and display are in it as far as the policy has them, what is
 *           explained in English, Korean or Japanese, reasons in English */
ACCORD_API int  accord_marking_valid(const accord_marking *m, accord_hear hear, void *to);
ACCORD_API void accord_marking_explain(const accord_marking *m, const char *language,
                                       accord_hear hear, void *to);
ACCORD_API enum accord_code accord_marking_display(const accord_marking *m, const char *language,
                                                   char *text, size_t max, accord_error *e);

/* ---- who may read ---- */

/* accord_person - what is told of a reader of the register's markings; lists have commas
 *
 * LEVELS, NATIONALITY, EMPLOYER  "S,C,U", "KOR", one code; these must be told
 * SCI, SAP, ACCM                 control systems, programs and measures that he is read in to
 * AEA, NATO                      of atomic energy "RD,FRD", of NATO's "NATO,ATOMAL"
 * CONTROLS                       under which a decision on his need to know was made: "OC,PR,LES" */
enum accord_person {
    ACCORD_PERSON_LEVELS = 0,
    ACCORD_PERSON_NATIONALITY = 1,
    ACCORD_PERSON_EMPLOYER = 2,
    ACCORD_PERSON_SCI = 3,
    ACCORD_PERSON_SAP = 4,
    ACCORD_PERSON_ACCM = 5,
    ACCORD_PERSON_AEA = 6,
    ACCORD_PERSON_NATO = 7,
    ACCORD_PERSON_CONTROLS = 8
};

/* accord_reader_of_clearance - of a label: a clearance in one of the forms that have them; form NULL: as it
 *                              looks
 * accord_reader_of_person - of the register
 *
 * told    count of them, by enum accord_person; NULL: not told, which opens nothing
 * fails   MALFORMED, UNKNOWN, LIMIT, FULL */
ACCORD_API enum accord_code accord_reader_of_clearance(accord_context *c, const char *form,
                                                       const void *bytes, size_t len,
                                                       accord_reader **out, accord_error *e);
ACCORD_API enum accord_code accord_reader_of_person(accord_context *c, const char *const *told,
                                                    size_t count, accord_reader **out,
                                                    accord_error *e);
ACCORD_API void             accord_reader_free(accord_reader *r);

/* accord_access - may this reader have it?
 *
 * returns ACCORD_NOTHING also when label and clearance are of two policies, when marking and reader are not of
 *         one family, and for the canonical text, which an agreement decides about
 * cost    under 100 ns, without memory, of a label; of a line the same from its second time in this context
 *
 * accord_access_reasons - the same; hear is told each reason of less than RELEASE */
enum accord_giving { ACCORD_NOTHING = 0, ACCORD_DISCLOSE = 1, ACCORD_RELEASE = 2 };
ACCORD_API enum accord_giving accord_access(accord_context *c, const accord_marking *m,
                                            const accord_reader *r);
ACCORD_API enum accord_giving accord_access_reasons(const accord_marking *m, const accord_reader *r,
                                                    accord_hear hear, void *to);

/* ---- several ---- */

/* accord_join - the marking of what is made of all of them
 *
 * rule    CLOSED: who may read the whole may read each; ADATP: ADatP-4774.1, of labels; REGISTER: the US
 *         register's, of its lines
 * each    count of them, 1 … ACCORD_JOINED_MAX, of one family
 * fails   HOLD when a person has to decide; MALFORMED, UNKNOWN, DENIED as the rule says
 *
 * accord_translate - an alternative label in another policy, by what the two policies state
 *
 * policy    by name or identifier; direction: who applies it, the giver or the receiver
 * fails     HOLD when there is a choice or none; UNKNOWN when the policies do not name each other */
enum accord_rule { ACCORD_RULE_CLOSED = 0, ACCORD_RULE_ADATP = 1, ACCORD_RULE_REGISTER = 2 };
enum accord_direction { ACCORD_ENCRYPT = 1, ACCORD_DECRYPT = 2 };
ACCORD_API enum accord_code accord_join(accord_context *c, enum accord_rule rule,
                                        const accord_marking *const *each, size_t count,
                                        accord_marking **out, accord_error *e);
ACCORD_API enum accord_code accord_translate(accord_context *c, const accord_marking *m,
                                             const char *policy, enum accord_direction direction,
                                             accord_marking **out, accord_error *e);

#ifdef __cplusplus
}
#endif

#endif
