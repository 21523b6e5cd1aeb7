/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the other processes may say: roles and messages in a row, to a guard with an empty registry but
 * for its first officers.  Input: u8 caller bit, u16 length, message, repeated. */
#include "sim/gate.h"

#include <stdio.h>

static struct gate           gate;
static struct gate_authority authority;
static bool                  opened;

static void gate_ready(void)
{
    static struct random_stream stream = {.seed = {3}};
    if (opened && gate.ledger.len < GATE_LEDGER_MAX / 2) {
        return;
    }
    if (opened) {
        gate_close(&gate);
    } else {
        MUST(!err_is(gate_authority_make("KOR", random_from(&stream), 1700000000000, &authority)));
    }
    MUST(!err_is(gate_open(&gate, 0, &authority, 1, 1700000000000)));
    opened = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct reader r = reader_of((span){data, len});
    gate_ready();
    for (unsigned turns = 0; r.rest.len > 0 && turns < 64; turns++) {
        uint8_t caller = (uint8_t)(1u << (read_u8(&r) & 3));
        span    bytes = read_block16(&r, UINT16_MAX);
        if (r.bad) {
            break;
        }
        gate.now += 10;
        gate.boot_ms += 10;
        if (bytes.len >= 5) {
            gate_say(&gate, (enum caller)caller, bytes.ptr[0], bytes.ptr[1],
                     (span){bytes.ptr + 5, bytes.len - 5});
        }
        gate_mail_clear(&gate);
    }
    gate_tick(&gate);
    gate_mail_clear(&gate);
    return 0;
}
