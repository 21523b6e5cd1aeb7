/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <stdlib.h>

#include "cli/given.h"
#include "cli/help.h"

/* Options that every verb takes. */
static const struct option common[] = {
    {"dir", "D", "the party's folder; otherwise $ACCORD_DIR"},
    {"as", "NAME", "who signs: people/NAME in the party's folder; twice where two must sign"},
    {"json", NULL, "answer with one JSON object"},
    {"quiet", NULL, "do not show the texts that are signed"},
    {"help", NULL, "how this is used"},
    {NULL, NULL, NULL},
};

const struct option *const common_options = common;

static const struct option *option_find(const struct option *list, const char *wanted)
{
    for (; list != NULL && list->name != NULL; list++) {
        if (strcmp(list->name, wanted) == 0) {
            return list;
        }
    }
    return NULL;
}

static err common_take(struct call *c, const char *option, const char *value)
{
    if (strcmp(option, "dir") == 0) {
        c->dir = value;
    } else if (strcmp(option, "json") == 0) {
        c->json = true;
    } else if (strcmp(option, "quiet") == 0) {
        c->quiet = true;
    } else if (strcmp(option, "as") == 0) {
        if (c->as_count == CALL_SIGNERS_MAX) {
            return call_misuse(c, FAIL(LIMIT, "nothing is signed by more than two persons"));
        }
        c->as[c->as_count++] = value;
    }
    return OK;
}

/* A path may be any bytes; every other value goes into a text that is shown or signed. */
static bool is_path(const char *metavariable)
{
    return strstr(metavariable, "FILE") != NULL || strstr(metavariable, "DIR") != NULL ||
           strcmp(metavariable, "D") == 0;
}

static err option_take(struct call *c, const char *text, const char *next, bool *used_next)
{
    const struct option *o = option_find(common, text);
    bool                 is_common = o != NULL;
    o = is_common || c->verb == NULL ? o : option_find(c->verb->option, text);
    if (o == NULL) {
        call_about(c, "--%s", text);
        return call_misuse(c, FAIL(UNKNOWN, "there is no such option"));
    }
    if (o->value != NULL && next == NULL) {
        call_about(c, "--%s", text);
        return call_misuse(c, FAIL(MALFORMED, "an option lacks its value"));
    }
    if (o->value != NULL && !is_path(o->value)) {
        call_about(c, "--%s", text);
        TRY(given_text(c, next));
        c->about[0] = 0;
    }
    *used_next = o->value != NULL;
    const char *value = o->value != NULL ? next : "";
    if (is_common) {
        TRY(common_take(c, o->name, value));
    } else if (c->given_count == CALL_OPTIONS_MAX) {
        return call_misuse(c, FAIL(LIMIT, "too many options"));
    }
    if (c->given_count < CALL_OPTIONS_MAX) {
        c->given[c->given_count].name = o->name;
        c->given[c->given_count++].value = value;
    }
    return OK;
}

static err arg_take(struct call *c, const char *text)
{
    if (c->arg_count == CALL_ARGS_MAX) {
        return call_misuse(c, FAIL(LIMIT, "too many arguments"));
    }
    c->arg[c->arg_count++] = text;
    return is_path(c->verb->args) ? OK : given_text(c, text);
}

/* One pass: what begins with "--" is an option, with its value behind it; all else an argument. */
static err args_read(struct call *c, int argc, char *const argv[])
{
    bool only_args = false;
    for (int i = 0; i < argc; i++) {
        bool used_next = false;
        if (!only_args && strcmp(argv[i], "--") == 0) {
            only_args = true;
        } else if (!only_args && strncmp(argv[i], "--", 2) == 0) {
            TRY(option_take(c, argv[i] + 2, i + 1 < argc ? argv[i + 1] : NULL, &used_next));
            i += used_next ? 1 : 0;
        } else {
            TRY(arg_take(c, argv[i]));
        }
    }
    return OK;
}

/* words - how many of the words a verb has stand at the start of the line, all of them or 0 */
static int words_match(const struct verb *v, int argc, char *const argv[])
{
    span rest = span_text(v->words);
    int  count = 0;
    while (rest.len > 0) {
        span word = span_cut(&rest, ' ');
        if (count >= argc || !span_is(word, argv[count])) {
            return 0;
        }
        count++;
    }
    return count;
}

static const struct verb *verb_find(int argc, char *const argv[], int *words)
{
    for (unsigned i = 0; i < verb_row_count; i++) {
        *words = words_match(&verb_rows[i], argc, argv);
        if (*words > 0) {
            return &verb_rows[i];
        }
    }
    return NULL;
}

/* The common options may also stand before the verb. */
static err leading_read(struct call *c, int *argc, char *const **argv)
{
    while (*argc > 0 && strncmp(**argv, "--", 2) == 0) {
        bool used_next = false;
        TRY(option_take(c, **argv + 2, *argc > 1 ? (*argv)[1] : NULL, &used_next));
        *argc -= used_next ? 2 : 1;
        *argv += used_next ? 2 : 1;
    }
    return OK;
}

static err call_read(struct call *c, int argc, char *const argv[])
{
    int words = 0;
    TRY(leading_read(c, &argc, &argv));
    c->verb = verb_find(argc, argv, &words);
    if (c->verb == NULL) {
        c->arg_count = argc > 0 ? 1 : 0;
        c->arg[0] = argc > 0 ? argv[0] : NULL;
        return call_misuse(c, FAIL(UNKNOWN, "there is no such verb"));
    }
    TRY(args_read(c, argc - words, argv + words));
    if (!call_has(c, "help") && (c->arg_count < c->verb->least || c->arg_count > c->verb->most)) {
        return call_misuse(c, FAIL(MALFORMED, "there are too few or too many arguments"));
    }
    return OK;
}

static void error_tell(struct call *c, err e)
{
    const char *why = c->refusal[0] != 0 ? c->refusal : e.why;
    if (c->json) {
        call_set_text(c, "error", span_text(why));
        call_set_text(c, "code", span_text(call_code(c, e)));
        if (c->about[0] != 0) {
            call_set_text(c, "about", span_text(c->about));
        }
    } else {
        (void)fprintf(c->notes, "accord: %s%s%s%s\n", why, c->about[0] != 0 ? " (" : "", c->about,
                      c->about[0] != 0 ? ")" : "");
    }
    if (c->misused && !c->json && c->verb != NULL) {
        help_usage(c->verb, c->notes);
    }
}

/* All that was answered has left this program: part of it may have been written, and failed, before. */
static bool answer_written(struct call *c)
{
    bool flushed = fflush(c->out) == 0;
    return flushed && ferror(c->out) == 0;
}

static int call_end(struct call *c, err e)
{
    if (err_is(e)) {
        error_tell(c, e);
    }
    if (c->json) {
        (void)json_dumpf(c->answer, c->out, JSON_COMPACT);
        (void)fputc('\n', c->out);
    }
    json_decref(c->answer);
    bool written = answer_written(c);
    if (!written) {
        (void)fputs("accord: the answer could not be written\n", c->notes);
    }
    return c->misused             ? CALL_USAGE
           : !written             ? CALL_FAILED
           : err_is(e) && c->held ? CALL_HELD
           : err_is(e)            ? CALL_FAILED
                                  : CALL_DONE;
}

/* Also where the line is wrong before its --json was reached */
static bool json_wanted(int argc, char *const argv[])
{
    bool wanted = false;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        wanted = wanted || strcmp(argv[i], "--json") == 0;
    }
    return wanted;
}

static bool help_wanted(const struct call *c, int argc, char *const argv[])
{
    bool wanted = argc <= 1;
    for (int i = 1; i < argc && !wanted; i++) {
        wanted = strcmp(argv[i], "--help") == 0;
    }
    return wanted && !c->json;
}

static int help_show(struct call *c, int argc)
{
    if (c->verb != NULL) {
        help_verb(c->verb, c->out);
    } else if (c->arg_count == 0) {
        help_all(c->out);
    } else if (!help_page(c->arg[0], c->out)) {
        c->about[0] = 0;
        return call_end(c, FAIL(UNKNOWN, "there is no such verb"));
    }
    c->misused = argc <= 1;
    return call_end(c, OK);
}

int cli_run(int argc, char *const argv[], FILE *out, FILE *notes)
{
    struct call c = {.out = out, .notes = notes, .dir = getenv("ACCORD_DIR")};
    c.answer = json_object();
    MUST(c.answer != NULL);
    err e = call_read(&c, argc - 1, argv + 1);
    c.json = c.json || (err_is(e) && json_wanted(argc, argv));
    if (help_wanted(&c, argc, argv)) {
        return help_show(&c, argc);
    }
    if (!err_is(e)) {
        e = c.verb->run(&c);
    } else if (c.verb == NULL && c.arg_count > 0 && c.about[0] == 0) {
        call_about(&c, "%s; accord --help lists them", c.arg[0]);
    }
    return call_end(&c, e);
}
