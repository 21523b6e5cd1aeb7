/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_NITF_H
#define ISMFORM_NITF_H

#include "ismform/ismform.h"

/* The security fields of NITF 2.1 and NSIF 1.0 (MIL-STD-2500C), of the file and of each of its
 * segments. */

/* NITF_BLOCK_BYTES - the sixteen fields, from xSCLAS to xSCTLN; nothing of other lengths is one */
#define NITF_BLOCK_BYTES 167

/* nitf_field - in the order of the block; FSCLAS, ISCLAS, SSCLAS … are one */
enum nitf_field {
    NITF_CLAS,
    NITF_CLSY,
    NITF_CODE,
    NITF_CTLH,
    NITF_REL,
    NITF_DCTP,
    NITF_DCDT,
    NITF_DCXM,
    NITF_DG,
    NITF_DGDT,
    NITF_CLTX,
    NITF_CATP,
    NITF_CAUT,
    NITF_CRSN,
    NITF_SRDT,
    NITF_CTLN,
    NITF_FIELD_COUNT
};

/* nitf_names - "SCLAS" …: the letter of the segment stands before it; nitf_widths: in bytes */
extern const char *const nitf_names[NITF_FIELD_COUNT];
extern const uint8_t     nitf_widths[NITF_FIELD_COUNT];

/* nitf_block - views of the bytes, without the blanks at the end */
struct nitf_block {
    span field[NITF_FIELD_COUNT];
};

void nitf_block_of(span bytes, struct nitf_block *out);

/* nitf_part - the file (F), or an image (I), graphic (S), text (T), data extension (D) or reserved
 *             segment (R)
 *
 * index   of its kind, from 0
 * at      where the block begins in the file, in bytes; block: the NITF_BLOCK_BYTES there */
struct nitf_part {
    char     letter;
    unsigned index;
    size_t   at;
    span     block;
};

/* nitf_walk - the file's block, then that of each segment
 *
 * file    all of it: a file that is shorter or longer than it says is refused
 * fails   on another format or version (NITF 2.0 has other fields), on lengths that are no numbers */
err nitf_walk(span file, err (*each)(void *to, const struct nitf_part *part), void *to,
              struct ismform_problem *p);

/* nitf_block_read, nitf_block_write - one block, with the meaning of each field as on the page of
 *                                     register forms
 *
 * fails   when the block does not say whose classification it is; on a field that no marking has;
 *         writing: on what does not fit, which is never cut */
err nitf_block_read(const struct groups *g, const struct nitf_block *b, struct ism *out,
                    struct ismform_problem *p);
err nitf_block_write(const struct groups *g, const struct ism *m, struct writer *w,
                     struct ismform_problem *p);

/* nitf_read - a file, whose marking must cover each segment's; or one block
 * nitf_write - one block */
err nitf_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
err nitf_write(const struct groups *g, const struct ism *m, struct writer *w,
               struct ismform_problem *p);

#endif
