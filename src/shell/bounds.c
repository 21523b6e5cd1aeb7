/* SPDX-License-Identifier: Apache-2.0 */
#include "shell/parts.h"

#include "crypt/known.h"

/* Folders in which files are opened by name: no other file that is handed over is one. */
static const struct {
    enum file_name file;
    bool           change;
} folder_table[] = {{FILE_DROP, true}, {FILE_WALL, false}, {FILE_PRESENCE, false}};

err bounds_begin(struct shell *s)
{
    if (s->plan.box != NULL) {
        TRY(box_begin(s->plan.box, &s->told));
    }
    return crypt_known();
}

/* What sanitizers look for at the end of a process they find in files. */
err bounds_files(struct shell *s)
{
    struct box_folder folder[ARRAY_LEN(folder_table)];
    size_t            count = 0;
    for (size_t i = 0; i < ARRAY_LEN(folder_table); i++) {
        if (s->file[folder_table[i].file] >= 0) {
            folder[count++] =
                (struct box_folder){s->file[folder_table[i].file], folder_table[i].change};
        }
    }
    return s->plan.box == NULL || BOX_OPEN ? OK : box_files(s->plan.box, folder, count, &s->told);
}

err bounds_work(struct shell *s)
{
    uint8_t                text[48];
    struct writer          w = WRITER_OF(text);
    const struct box_told *told = &s->told;
    if (s->plan.box == NULL) {
        return OK;
    }
    TRY(box_work(s->plan.box, &s->told));
    struct note_fact fact[] = {{"calls", span_text(told->filter)},
                               {.key = "at-the-start"},
                               {.key = "now"},
                               {"privileges", span_text(told->privileges)},
                               {"files", span_text(told->files)},
                               {"ports", span_text(told->ports)}};
    note_count(&w, &fact[1], told->start_rows);
    note_count(&w, &fact[2], told->work_rows);
    shell_note(s, "what binds this process from here on", fact, ARRAY_LEN(fact));
    return OK;
}
