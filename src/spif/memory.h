/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPIF_MEMORY_H
#define SPIF_MEMORY_H

/* spif_memory_must - from here on libxml2 gets the memory that it asks for, or this program is aborted, with a word
 *
 * Some versions of it write to memory that they did not get (docs/why/fault.md).  Once, before anything reads XML, and
 * in a program that is ours: a library must not say it for who links it. */
void spif_memory_must(void);

#endif
