/* SPDX-License-Identifier: Apache-2.0 */
/* restore: a gateway's folder, made of a backup and the keys that were kept elsewhere. */
#include "base/set64.h"
#include "cli/backup.h"
#include "cli/gateway_key.h"
#include "cli/party.h"
#include "cli/verbs.h"

/* ---- what it names ---- */

/* part_of - of what part a path of the manifest is a file; NULL: no gateway has one */
static const struct backup_part *part_of(span path)
{
    for (size_t i = 0; i < backup_part_count; i++) {
        const struct backup_part *p = &backup_parts[i];
        size_t                    len = strlen(p->path);
        bool in = p->folder && span_starts(path, span_text(p->path)) && path.len > len &&
                  path.ptr[len] == '/' &&
                  is_segment_name((span){path.ptr + len + 1, path.len - len - 1});
        if (in || (!p->folder && !p->key && span_is(path, p->path))) {
            return p;
        }
    }
    return NULL;
}

/* named - one file, as the manifest tells of it */
struct named {
    char                      path[64];
    uint64_t                  length;
    uint8_t                   sha[SHA256_LEN];
    const struct backup_part *part;
};

static err named_read(struct lines *l, span path, struct named *out)
{
    struct named n = {.part = part_of(path), .length = take_number(l, "length", INT64_MAX)};
    take_hex(l, "sha", n.sha, sizeof n.sha);
    if (n.part == NULL || path.len >= sizeof n.path) {
        return FAIL(MALFORMED, "the backup names a file that no gateway has");
    }
    memcpy(n.path, path.ptr, path.len);
    *out = n;
    return l->bad ? FAIL(MALFORMED, "the backup's list of files is not as it should be") : OK;
}

/* Every file in turn, and that none is missing that every gateway has. */
static err named_each(struct backup *b, span text, name *party,
                      err (*take)(struct backup *b, const struct named *n))
{
    struct lines l = lines_of(text);
    set64        seen = 0;
    struct named n;
    span         path;
    take_title(&l, BACKUP_TITLE);
    *party = take_name(&l, "party");
    (void)take_instant(&l, "time");
    while (!l.bad && take_more(&l, "file", &path)) {
        TRY(named_read(&l, path, &n));
        TRY(take(b, &n));
        seen |= set_one((unsigned)(n.part - backup_parts));
    }
    if (err_is(lines_end(&l))) {
        return FAIL(MALFORMED, "the backup's list of files is not as it should be");
    }
    for (unsigned i = 0; i < backup_part_count; i++) {
        const struct backup_part *p = &backup_parts[i];
        if (!p->key && !p->optional && !set_has(seen, i)) {
            call_about(b->call, "%s", p->path);
            return FAIL(MALFORMED, "the backup lacks what every gateway has");
        }
    }
    return OK;
}

/* ---- once to look, once to copy ---- */

static err digest_check(struct backup *b, const char *folder, const struct named *n)
{
    char     path[FILE_PATH_MAX];
    uint8_t  digest[SHA256_LEN];
    uint64_t len = 0;
    TRY(file_path(path, folder, n->path));
    call_about(b->call, "%s", path);
    TRY(file_digest(path, digest, &len));
    return len == n->length && memcmp(digest, n->sha, sizeof digest) == 0
               ? OK
               : FAIL(FORGED, "a file of the backup is not as it was when the backup was made");
}

static err named_check(struct backup *b, const struct named *n)
{
    return digest_check(b, b->from, n);
}

static err named_copy(struct backup *b, const struct named *n)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    TRY(file_path(from, b->from, n->path));
    TRY(file_path(to, b->to, n->path));
    call_about(b->call, "%s", from);
    TRY(backup_take(b, from, to, n->part->mode));
    TRY(digest_check(b, b->to, n));
    b->files++;
    b->bytes += n->length;
    return OK;
}

/* ---- keys ---- */

static err keys_check(struct backup *b)
{
    char     from[FILE_PATH_MAX];
    uint8_t  digest[SHA256_LEN];
    uint64_t len;
    for (size_t i = 0; i < backup_part_count; i++) {
        if (backup_parts[i].key) {
            TRY(file_path(from, b->keys, strchr(backup_parts[i].path, '/') + 1));
            call_about(b->call, "%s", from);
            TRY(file_digest(from, digest, &len));
            bytes_wipe(digest, sizeof digest);
        }
    }
    return OK;
}

/* Wrapped as accord.conf of the backup says. */
static err identity_read(struct backup *b, secret *out)
{
    struct call      there = *b->call;
    struct party     p;
    struct wrap_keys w = {0};
    char             path[FILE_PATH_MAX];
    uint8_t          buf[WRAPPED_MAX], key[WRAPPED_KEY_MAX];
    span             file;
    size_t           len = 0;
    there.dir = b->from;
    TRY(party_read(&there, &p));
    TRY(file_path(path, b->keys, "identity"));
    call_about(b->call, "%s", path);
    TRY(file_read(path, buf, sizeof buf, &file));
    err e = is_wrapped(file) ? wrap_keys_open(b->call, &p, b->from, &w) : OK;
    e = err_is(e)
            ? e
            : gateway_key_open(&w, (struct wrapped_name){&p.code, "identity"}, file, key, &len);
    if (!err_is(e) && len == SECRET_LEN) {
        memcpy(out->key, key, SECRET_LEN);
    }
    wrap_keys_close(&w);
    bytes_wipe(buf, sizeof buf);
    bytes_wipe(key, sizeof key);
    return err_is(e) || len == SECRET_LEN
               ? e
               : FAIL(MALFORMED, "the key of the gateway identity is not 32 bytes");
}

/* The first leaf of a ledger names its identity, and so does the genesis: keys of another party would make
 * a gateway that nobody believes. */
static err keys_belong(struct backup *b)
{
    uint8_t      text[16384], want[SIGN_PUBLIC_LEN], have[SIGN_PUBLIC_LEN];
    char         path[FILE_PATH_MAX];
    span         genesis;
    SECRET       identity = {0};
    struct lines l;
    TRY(file_path(path, b->from, "genesis"));
    err e = file_read(path, text, sizeof text, &genesis);
    if (e.code == ERR_UNKNOWN) {
        return OK;
    }
    TRY(e);
    l = lines_of(genesis);
    take_title(&l, "accord genesis 1");
    take_hex(&l, "identity", want, sizeof want);
    TRY(identity_read(b, &identity));
    sign_public(&identity, have);
    return !l.bad && memcmp(have, want, sizeof have) == 0
               ? OK
               : FAIL(CONFLICT, "these keys are not those of the party that the backup is of");
}

/* Last: a folder without keys is one that no gateway starts from. */
static err keys_copy(struct backup *b)
{
    char folder[FILE_PATH_MAX], from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    TRY(file_path(folder, b->to, "keys"));
    TRY(folder_create(folder, 0700));
    for (size_t i = 0; i < backup_part_count; i++) {
        const struct backup_part *p = &backup_parts[i];
        if (p->key) {
            TRY(file_path(from, b->keys, strchr(p->path, '/') + 1));
            TRY(file_path(to, b->to, p->path));
            call_about(b->call, "%s", from);
            TRY(backup_take(b, from, to, p->mode));
        }
    }
    return folder_sync(folder);
}

/* What `party init` makes beside these: empty. */
static err empty_make(const struct backup *b)
{
    static const char *const folder[] = {"people", "drop", "run"};
    char                     path[FILE_PATH_MAX];
    for (size_t i = 0; i < ARRAY_LEN(folder); i++) {
        TRY(file_path(path, b->to, folder[i]));
        TRY(folder_create(path, 0700));
    }
    return OK;
}

static err restore(struct backup *b, span manifest, name *party)
{
    TRY(named_each(b, manifest, party, named_check));
    TRY(keys_check(b));
    TRY(keys_belong(b));
    call_about(b->call, "%s", b->to);
    TRY(backup_folders_make(b));
    TRY(empty_make(b));
    TRY(named_each(b, manifest, party, named_copy));
    TRY(keys_copy(b));
    return backup_folders_sync(b);
}

err do_restore(struct call *c)
{
    static struct backup b;
    static uint8_t       text[BACKUP_MANIFEST_MAX];
    char                 path[FILE_PATH_MAX];
    span                 manifest;
    name                 party = {0};
    b = (struct backup){.call = c, .from = c->arg[0], .whole = true};
    TRY(party_dir(c, &b.to));
    TRY(call_need(c, "keys", &b.keys));
    TRY(file_path(path, b.from, BACKUP_MANIFEST));
    call_about(c, "%s", path);
    TRY(file_read(path, text, sizeof text, &manifest));
    TRY(restore(&b, manifest, &party));
    c->about[0] = 0;
    call_set_text(c, "party", name_span(&party));
    call_set_number(c, "files", b.files);
    call_set_number(c, "bytes", b.bytes);
    call_tell(
        c,
        "%s is restored in %s, without the folders of its people.  End the gateway that it is a "
        "copy of before this one starts.  Its guard stays mute until every partner has confirmed "
        "that nothing is missing, or two security officers have signed: accord head sign",
        party.text, b.to);
    return OK;
}
