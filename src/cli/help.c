/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#define SUMMARY_WIDTH 22 /* the longest verb and two blanks */

void help_usage(const struct verb *v, FILE *out)
{
    static const char *const by[CALL_SIGNERS_MAX + 1] = {"", " --as NAME", " --as NAME --as NAME"};
    (void)fprintf(out, "usage: accord %s%s%s%s%s\n", v->words, v->args[0] != 0 ? " " : "", v->args,
                  by[v->signers], v->option != NULL ? " [options]" : "");
}

static void options_put(const struct option *o, FILE *out)
{
    for (; o != NULL && o->name != NULL; o++) {
        char text[64];
        (void)snprintf(text, sizeof text, "--%s%s%s", o->name, o->value != NULL ? " " : "",
                       o->value != NULL ? o->value : "");
        (void)fprintf(out, "  %-26s %s\n", text, o->help);
    }
}

void help_verb(const struct verb *v, FILE *out)
{
    help_usage(v, out);
    (void)fprintf(out, "\n%s\n\n", v->help);
    options_put(v->option, out);
    options_put(common_options, out);
    (void)fprintf(out, "\nSee accord-%s(1).\n", v->page);
}

static bool word_starts(const char *words, const char *word)
{
    size_t len = strlen(word);
    return strncmp(words, word, len) == 0 && (words[len] == ' ' || words[len] == 0);
}

static void summary_put(const struct verb *v, FILE *out)
{
    (void)fprintf(out, "  %-*s %s\n", SUMMARY_WIDTH, v->words, v->help);
}

bool help_page(const char *word, FILE *out)
{
    bool any = false;
    for (unsigned i = 0; i < verb_row_count; i++) {
        const struct verb *v = &verb_rows[i];
        if (word_starts(v->words, word) || strcmp(v->page, word) == 0) {
            if (!any) {
                (void)fprintf(out, "usage: accord VERB [arguments] [options]\n\n");
            }
            summary_put(v, out);
            any = true;
        }
    }
    return any;
}

void help_all(FILE *out)
{
    const char *page = "";
    (void)fprintf(out, "usage: accord VERB [arguments] [options]\n");
    for (unsigned i = 0; i < verb_row_count; i++) {
        const struct verb *v = &verb_rows[i];
        if (strcmp(v->page, page) != 0) {
            (void)fprintf(out, "\n%s\n", v->page);
            page = v->page;
        }
        summary_put(v, out);
    }
    (void)fprintf(out, "\nEvery verb takes:\n");
    options_put(common_options, out);
    (void)fprintf(out, "\nThe way from nothing to a second party is told in accord(1).\n");
}
