/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_COUNTRIES_H
#define ISMFORM_COUNTRIES_H

#include "base/span.h"

/* Codes of two letters.  Two lists are in use and contradict each other: KR is Kiribati in FIPS 10-4 and
 * Korea in ISO 3166, AU is Austria and Australia.  A code is therefore read only when it is known from
 * which list it is, or when no country of the other list has it. */

/* country_list - COUNTRY_ANY: it is not known from which */
enum country_list { COUNTRY_ISO, COUNTRY_FIPS, COUNTRY_ANY };

/* country_of - the register's code ("KOR"); NULL when it is unknown, or not one country for sure
 * country_two - the code of two letters; NULL when there is none, or it could be two countries */
const char *country_of(enum country_list list, span two);
const char *country_two(enum country_list list, span code);

#endif
