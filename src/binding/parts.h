/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BINDING_PARTS_H
#define BINDING_PARTS_H

#include "binding/binding.h"
#include "form/naming.h"
#include "form/stanag.h"
#include "xmlsig/xmlsig.h"

/* What the files of binding/ share: names, and the elements that a tree was found to have. */

#define SPACE_BINDING SPAN_LIT("urn:nato:stanag:4778:bindinginformation:1:0")
#define SPACE_XMIME   SPAN_LIT("http://www.w3.org/2005/05/xmlmime")
#define SPACE_DSIG    SPAN_LIT("http://www.w3.org/2000/09/xmldsig#")
#define SPACE_WSU                                                                                  \
    SPAN_LIT("http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd")

#define ALGORITHM_C14N      "http://www.w3.org/2001/10/xml-exc-c14n#"
#define ALGORITHM_ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

/* digest_algorithm - its URI; digest_of_algorithm - the reverse, false when it is none that is used here */
const char *digest_algorithm(enum digest d);
bool        digest_of_algorithm(span uri, enum digest *out);

/* signed_kind - what a Reference of SignedInfo is to */
enum signed_kind { SIGNED_DOCUMENT, SIGNED_BINDING, SIGNED_DATA, SIGNED_MANIFEST, SIGNED_TIME };

struct signed_part {
    enum signed_kind kind;
    char             uri[XMLSIG_URI_MAX];
};

/* parts - the elements of a tree that matter; none is 0, but for information when the binding is the root */
struct parts {
    const struct xml_node *information, *signature, *manifest, *time;
    unsigned               count;
    struct signed_part     part[XMLSIG_REFERENCES_MAX];
};

/* node_fail - refuse an element */
err node_fail(struct form_reader *r, err why, const struct xml_node *n);

/* node_attributes - none but Id (also xml:id) and those of a list, with blanks between them, without namespace */
err node_attributes(struct form_reader *r, const struct xml_node *n, const char *names);

/* node_id - its Id; empty when it has none   node_by_id - the element of that Id; NULL when there is none */
span                   node_id(const struct form_reader *r, const struct xml_node *n);
const struct xml_node *node_by_id(const struct form_reader *r, span wanted);

/* node_within - is n the element `in`, or in it? */
bool node_within(const struct form_reader *r, const struct xml_node *n, const struct xml_node *in);

/* tree_read - bytes as a tree in which Ids are single and namespaces short */
err tree_read(struct form_reader *r, span in);

/* information_find - the one BindingInformation of the tree, and which form it is of */
err information_find(struct form_reader *r, const struct xml_node **out, enum binding_form *form);

/* metadata_binding_take - one MetadataBinding, as one group more
 * information_take - all that a BindingInformation says but its signature, which is left in `signature` */
err metadata_binding_take(struct form_reader *r, const struct xml_node *n, struct binding *b);
err information_take(struct form_reader *r, const struct xml_node *n, struct binding *b,
                     const struct xml_node **signature);

/* signature_take - the Signature of a tree, held to the one shape that is verified
 * manifest_take - digests of files   time_take - when it was signed */
err signature_take(struct form_reader *r, struct parts *p, struct binding *b);
err manifest_take(struct form_reader *r, const struct xml_node *n, struct binding *b);
err time_take(struct form_reader *r, const struct xml_node *n, struct binding *b);

/* binding_rules - does it say one thing about each object? */
err binding_rules(struct form_reader *r, const struct binding *b);

/* document_take - a whole tree   fails as binding_read */
err document_take(struct form_reader *r, span in, struct binding *b, struct parts *p);

#endif
