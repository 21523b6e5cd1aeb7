/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL, for the .c files of crypt/ only.  Its type ERR_STATE bears the name of one of our codes
 * (base/err.h), so it gets another one here. */
#ifndef CRYPT_OPENSSL_H
#define CRYPT_OPENSSL_H

#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#undef ERR_STATE

#endif
