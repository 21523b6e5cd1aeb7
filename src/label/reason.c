/* SPDX-License-Identifier: Apache-2.0 */
#include "label/label.h"

/* What `of` and `by` of a fault are names of */
enum about { ABOUT_NOTHING, ABOUT_CLASS, ABOUT_CATEGORY, ABOUT_TAG, ABOUT_PRIVACY };

static const struct {
    const char *sentence;
    enum about  of, by;
} reasons[REASON_COUNT] = {
    [REASON_SCHEME] = {"the label and the clearance are of two policies", 0, 0},
    [REASON_INDEX] = {"the label names what its policy does not define", 0, 0},
    [REASON_CLASS_OBSOLETE] = {"the classification is obsolete", ABOUT_CLASS, 0},
    [REASON_CATEGORY_OBSOLETE] = {"the category is obsolete", ABOUT_CATEGORY, 0},
    [REASON_CATEGORY_INPUT] = {"the category has to be filled in by a person", ABOUT_CATEGORY, 0},
    [REASON_PRIVACY_OBSOLETE] = {"the privacy mark is obsolete", ABOUT_PRIVACY, 0},
    [REASON_PRIVACY_MISSING] = {"the policy requires a privacy mark", 0, 0},
    [REASON_CLASS_EXCLUDED] = {"the category excludes the classification", ABOUT_CATEGORY,
                               ABOUT_CLASS},
    [REASON_CATEGORY_EXCLUDED] = {"the category excludes another", ABOUT_CATEGORY, ABOUT_CATEGORY},
    [REASON_CLASS_NEEDS] = {"the classification requires a category that is missing", ABOUT_CLASS,
                            0},
    [REASON_CATEGORY_NEEDS] = {"the category requires another that is missing", ABOUT_CATEGORY, 0},
    [REASON_TOO_FEW] = {"a tag has too few values", ABOUT_TAG, 0},
    [REASON_TOO_MANY] = {"a tag has too many values", ABOUT_TAG, 0},
    [REASON_SCHEME_TIME] = {"the policy does not stand at this time", 0, 0},
    [REASON_CATEGORY_TIME] = {"the category does not stand at this time", ABOUT_CATEGORY, 0},
    [REASON_CLASS_NOT_HELD] = {"the clearance does not have the classification", ABOUT_CLASS, 0},
    [REASON_CATEGORY_NOT_HELD] = {"the clearance does not have the category", ABOUT_CATEGORY, 0},
    [REASON_NONE_HELD] = {"the clearance has no value of the tag that the label has", ABOUT_TAG, 0},
    [REASON_NOBODY] = {"nobody may read it: what was joined has no value of the tag in common",
                       ABOUT_TAG, 0},
    [REASON_GROUP_TABLE] = {"the label was made by a table of groups that is not known here",
                            ABOUT_CATEGORY, 0},
    [REASON_GROUP_MEMBERS] = {"who belonged to the group when the label was made is not known here",
                              ABOUT_CATEGORY, 0},
};

const char *fault_sentence(enum label_reason r)
{
    return reasons[r].sentence;
}

static span name_about(const struct scheme *s, enum about about, uint16_t i)
{
    switch (about) {
    case ABOUT_CLASS:
        return i < s->class_count ? s->class[i].name : (span){0};
    case ABOUT_CATEGORY:
        return i < s->category_count ? s->category[i].name : (span){0};
    case ABOUT_TAG:
        return i < s->tag_count ? s->tag[i].name : (span){0};
    case ABOUT_PRIVACY:
        return i < s->privacy_count ? s->privacy[i].name : (span){0};
    case ABOUT_NOTHING:
        break;
    }
    return (span){0};
}

void fault_format(const struct scheme *s, const struct label_fault *f, struct writer *w)
{
    put_text(w, reasons[f->reason].sentence);
    if (reasons[f->reason].of != ABOUT_NOTHING) {
        put_text(w, ": ");
        put_span(w, name_about(s, reasons[f->reason].of, f->of));
    }
    if (reasons[f->reason].by != ABOUT_NOTHING) {
        put_text(w, ", ");
        put_span(w, name_about(s, reasons[f->reason].by, f->by));
    }
}
