/* SPDX-License-Identifier: Apache-2.0 */
#include "form/ess.h"
#include "form/form.h"
#include "form/seclabel.h"
#include "form/spiffy.h"
#include "form/stanag.h"
#include "form/stix.h"
#include "form/tlp.h"
#include "form/ztdf.h"

#define PART_LABEL (PART_PRIVACY | PART_CATEGORIES)

static const struct form forms[] = {
    {"stanag4774", "STANAG 4774 in XML", "application/xml", PART_ALL, stanag_read, stanag_write,
     stanag_clearance_read, stanag_clearance_write},
    {"ess", "X.841 and RFC 2634 in DER", "application/octet-stream", PART_LABEL, ess_read,
     ess_write, ess_clearance_read, ess_clearance_write},
    {"ess-base64", "the same as text", "text/plain", PART_LABEL, ess_base64_read, ess_base64_write,
     NULL, NULL},
    {"xep-0258", "XEP-0258, labels in XMPP", "application/xml", PART_LABEL, seclabel_read,
     seclabel_write, NULL, NULL},
    {"ztdf", "ZTDF handling assertion", "application/json", PART_CATEGORIES | PART_CREATED,
     ztdf_read, ztdf_write, NULL, NULL},
    {"tlp", "TLP on a line", "text/plain", 0, tlp_read, tlp_write, NULL, NULL},
    {"misp", "TLP as a tag of MISP", "text/plain", 0, misp_read, misp_write, NULL, NULL},
    {"stix", "TLP as a marking definition of STIX 2.1", "application/stix+json;version=2.1", 0,
     stix_read, stix_write, NULL, NULL},
    {"spiffy", "spiffing's own", "application/xml", PART_CATEGORIES, spiffy_read, NULL,
     spiffy_clearance_read, NULL},
    {"ess-xer", "an ESS label in the XML of ASN.1", "application/xml", PART_PRIVACY, xer_read, NULL,
     NULL, NULL},
};

/* guess - what the text of such a form has in it; the first row that fits */
static const struct {
    const char *form, *starts, *has;
} guesses[] = {
    {"tlp", "TLP:", ""},
    {"misp", "tlp:", ""},
    {"stanag4774", "<", "urn:nato:stanag:4774:confidentiality"},
    {"xep-0258", "<", "urn:xmpp:sec-label:0"},
    {"spiffy", "<", "http://surevine.com/xmlns/spiffy"},
    {"ess-xer", "<", "<ESSSecurityLabel"},
    {"stix", "{", "\"marking-definition\""},
    {"ztdf", "{", "\"json-structured\""},
    {"ess", "1", "\x06"}, /* a SET, with an OBJECT IDENTIFIER */
    {"ess", "0", "\x06"},
    {"ess-base64", "M", ""},
};

const struct form *form_table(unsigned *count)
{
    *count = ARRAY_LEN(forms);
    return forms;
}

const struct form *form_guess(span in)
{
    span text = span_trim(in);
    if (span_starts(text, SPAN_LIT("\xef\xbb\xbf"))) {
        text = (span){text.ptr + 3, text.len - 3};
    }
    for (unsigned i = 0; i < ARRAY_LEN(guesses); i++) {
        span   has = span_text(guesses[i].has);
        size_t seen = text.len < FORM_MAX ? text.len : FORM_MAX;
        bool there = has.len == 0 || (seen > 0 && memmem(text.ptr, seen, has.ptr, has.len) != NULL);
        if (there && span_starts(text, span_text(guesses[i].starts))) {
            return form_find(span_text(guesses[i].form));
        }
    }
    return NULL;
}
