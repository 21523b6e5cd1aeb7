/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/cert.h"
#include "crypt/key.h"

static bool is_issued(X509 *x, X509 *authority)
{
    return X509_check_issued(authority, x) == X509_V_OK &&
           X509_verify(x, X509_get0_pubkey(authority)) == 1;
}

err cert_issued_by(span der, span ca)
{
    X509 *x = NULL, *authority = NULL;
    TRY(key_certificate(der, &x));
    err e = key_certificate(ca, &authority);
    if (!err_is(e) && !is_issued(x, authority)) {
        e = FAIL(DENIED, "this certificate was not issued by this party's authority");
    }
    X509_free(x);
    X509_free(authority);
    ERR_clear_error();
    return e;
}
