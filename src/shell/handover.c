/* SPDX-License-Identifier: Apache-2.0 */
#include "shell/parts.h"

#include "crypt/tls.h"
#include "wire/request.h"

#include <unistd.h>

/* handover - one kind of message: how many descriptors it must bring, and whether it may come after
 * GO; take has the descriptors for its own once it returns OK */
struct handover {
    size_t fds_min, fds_max;
    bool   later;
    err (*take)(struct shell *s, struct reader *fields, const struct message *m);
};

static err party_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    (void)m;
    name party = read_name(fields);
    span settings = read_block16(fields, SHELL_SETTINGS_MAX);
    TRY(reader_end(fields));
    s->party = party;
    if (settings.len > 0) {
        memcpy(s->settings, settings.ptr, settings.len);
    }
    s->settings_len = settings.len;
    uint64_t back_s = shell_setting_number(s, "exercise-clock", 0);
    loop_clock_back((int64_t)back_s * MS_PER_SECOND);
    tls_clock_back((int64_t)back_s);
    return OK;
}

static err channel_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t caller = read_u8(fields);
    TRY(reader_end(fields));
    if (s->plan.on_channel == NULL) {
        return guard_taken(s, m->fd[0]);
    }
    s->plan.on_channel(s->plan.ctx, caller, m->fd[0]);
    return OK;
}

static err file_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t file = read_u8(fields);
    TRY(reader_end(fields));
    if (file >= FILE_COUNT || s->file[file] >= 0) {
        return FAIL(MALFORMED, "accordd handed over a file that nobody knows, or one twice");
    }
    s->file[file] = m->fd[0];
    return OK;
}

static err go_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    (void)m;
    TRY(reader_end(fields));
    s->going = true;
    return OK;
}

static err stop_taken(struct shell *s, struct reader *fields, const struct message *m)
{
    (void)m;
    TRY(reader_end(fields));
    shell_stop(s);
    return OK;
}

static const struct handover handover_table[] = {
    [CONTROL_PARTY] = {0, 0, false, party_taken},
    [CONTROL_CHANNEL] = {1, 1, true, channel_taken},
    [CONTROL_LOG] = {1, MESSAGE_FDS_MAX, false, log_taken},
    [CONTROL_SEGMENT] = {1, 1, true, segment_taken},
    [CONTROL_FILE] = {1, 1, false, file_taken},
    [CONTROL_GO] = {0, 0, false, go_taken},
    [CONTROL_STOP] = {0, 0, true, stop_taken},
    [CONTROL_DROP] = {0, 0, true, drop_taken},
    [CONTROL_PASSING] = {2, MESSAGE_FDS_MAX, false, passing_taken},
};

static err take(struct shell *s, struct reader *fields, const struct message *m)
{
    uint8_t kind = read_u8(fields);
    if (kind >= ARRAY_LEN(handover_table) || handover_table[kind].take == NULL) {
        return FAIL(MALFORMED, "accordd said what this process does not know");
    }
    const struct handover *h = &handover_table[kind];
    if (m->fds < h->fds_min || m->fds > h->fds_max) {
        return FAIL(MALFORMED, "accordd handed over too few descriptors, or too many");
    }
    if (s->going && !h->later) {
        return FAIL(MALFORMED, "accordd handed over too late what belongs to the start");
    }
    return h->take(s, fields, m);
}

err handover_take(struct shell *s, const struct message *m)
{
    struct reader fields = reader_of(m->bytes);
    err           e = take(s, &fields, m);
    for (size_t i = 0; err_is(e) && i < m->fds; i++) {
        close(m->fd[i]);
    }
    return e;
}
