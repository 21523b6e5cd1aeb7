/* SPDX-License-Identifier: Apache-2.0 */
/* accord - the party's own tool: set up, sign, submit, read, check */
#include <locale.h>
#include <signal.h>

#include "cli/cli.h"
#include "spif/memory.h"

int main(int argc, char *argv[])
{
    (void)setlocale(LC_CTYPE, "");
    spif_memory_must();
    (void)signal(SIGPIPE, SIG_IGN); /* libcrypto writes with write(2) */
    return cli_run(argc, argv, stdout, stderr);
}
