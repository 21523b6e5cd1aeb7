/* SPDX-License-Identifier: Apache-2.0 */
/* open: a reader signs for one item, with his purpose, and gets it. */
#include <fcntl.h>
#include <unistd.h>

#include "cli/act.h"
#include "cli/given.h"
#include "cli/opened_label.h"
#include "cli/verbs.h"

static err piece_write(void *ctx, span piece)
{
    const int *fd = ctx;
    while (piece.len > 0) {
        ssize_t put = write(*fd, piece.ptr, piece.len);
        if (put <= 0) {
            return FAIL(IO, "the file cannot be written");
        }
        piece = (span){piece.ptr + put, piece.len - (size_t)put};
    }
    return OK;
}

/* What is shown above the content: the banner first. */
static void describe_tell(struct call *c, const json_t *opened)
{
    span banner = {NULL, 0}, describe = {NULL, 0};
    if (!err_is(answer_text(opened, "banner", &banner)) &&
        !err_is(answer_text(opened, "describe", &describe))) {
        call_set_text(c, "banner", banner);
        call_set_text(c, "describe", describe);
        call_tell(c, SPAN_FMT, SPAN_ARG(banner));
        call_note(c, SPAN_FMT, SPAN_ARG(describe));
    }
}

/* A new file, for its reader alone; what is cut short does not stay. */
static err content_save(struct desk *d, const json_t *opened, const char *out)
{
    span ticket = {NULL, 0};
    char target[128];
    TRY(answer_text(opened, "ticket", &ticket));
    (void)snprintf(target, sizeof target, "/v1/opened/" SPAN_FMT, SPAN_ARG(ticket));
    call_about(d->call, "%s", out);
    int fd = open(out, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return FAIL(CONFLICT, "the file is there already, or cannot be made");
    }
    err e = desk_download(d, target, piece_write, &fd);
    if (close(fd) != 0 && !err_is(e)) {
        e = FAIL(IO, "the file cannot be written");
    }
    if (err_is(e)) {
        (void)unlink(out);
        return e;
    }
    d->call->about[0] = 0;
    return OK;
}

/* Of a copy that counts a notice lies beside it: which of how many it is, and whose. */
static err copy_note(struct call *c, span describe, const char *out)
{
    char path[FILE_PATH_MAX];
    span rest = describe;
    bool counted = false;
    while (rest.len > 0) {
        counted = span_starts(span_cut(&rest, '\n'), SPAN_LIT("copy ")) || counted;
    }
    if (!counted) {
        return OK;
    }
    if (snprintf(path, sizeof path, "%s.copy", out) >= (int)sizeof path) {
        return FAIL(LIMIT, "the path is too long for the notice beside the file");
    }
    call_about(c, "%s", path);
    TRY(file_create(path, describe, 0600));
    c->about[0] = 0;
    return OK;
}

static err open_item(struct desk *d, struct label_wanted *wanted, span body, const char *out)
{
    json_t *opened = NULL;
    span    describe;
    TRY(act_do(d, "open", body, (span){NULL, 0}, &opened));
    err e = content_save(d, opened, out);
    if (!err_is(e)) {
        describe_tell(d->call, opened);
        e = answer_text(opened, "describe", &describe);
        e = err_is(e) ? e : copy_note(d->call, describe, out);
        e = err_is(e) ? e : opened_labels(d->call, wanted, describe, out);
    }
    json_decref(opened);
    return e;
}

static err open_with(struct call *c, struct label_wanted *wanted)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    struct desk  *d = NULL;
    const char   *purpose, *out;
    span          body;
    id            handle;
    TRY(signers_need(c));
    TRY(given_handle(c, c->arg[0], &handle));
    TRY(call_need(c, "purpose", &purpose));
    TRY(call_need(c, "out", &out));
    line_text(&w, "handle", span_text(c->arg[0]));
    line_text(&w, "purpose", span_text(purpose));
    TRY(writer_end(&w, &body));
    TRY(desk_open(c, &d));
    err e = open_item(d, wanted, body, out);
    desk_close(d);
    TRY(e);
    call_set_text(c, "out", span_text(out));
    return OK;
}

/* What labels are wanted is judged before the act: an opening is recorded, whatever comes of it. */
err do_open(struct call *c)
{
    static struct label_wanted wanted;
    TRY(label_wanted_open(c, &wanted));
    err e = open_with(c, &wanted);
    label_wanted_close(&wanted);
    return e;
}
