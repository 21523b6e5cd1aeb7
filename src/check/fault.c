/* SPDX-License-Identifier: Apache-2.0 */
#include "check/fault.h"

#include <stddef.h>

static const struct {
    const char *name, *text;
} fault_rows[INSPECT_FAULTS] = {
    [INSPECT_PASS] = {"pass", "it is what its epoch may carry"},
    [INSPECT_SHORT] = {"short", "the record is too short to be a batch"},
    [INSPECT_EPOCH] = {"epoch", "the batch is of an epoch of which the guard has said nothing"},
    [INSPECT_TYPE] = {"type", "the record lies in an outbox or a line that is not its epoch's"},
    [INSPECT_BATCH] = {"batch", "the lengths of the batch do not add up, or it is past a limit"},
    [INSPECT_REPEATED] = {"repeated", "an item has a number that was used before"},
    [INSPECT_GAP] = {"gap", "an item has a number that leaves others out"},
    [INSPECT_MANY] = {"many", "the epoch has more items than it may have"},
    [INSPECT_SIGNATURE] = {"signature", "the batch is not signed by the sealer of its epoch"},
    [INSPECT_BUCKET] = {"bucket", "the item has another size than its content asks for"},
    [INSPECT_TAG] = {"tag", "the item was not sealed under the key and number that it has"},
    [INSPECT_LENGTH] = {"length", "the length inside the item is longer than the item"},
    [INSPECT_PADDING] = {"padding",
                         "behind the content of the item there is something else than zeros"},
    [INSPECT_VERSION] = {"version", "the report is of another version"},
    [INSPECT_FIELD] = {"field", "the report has a field that there is not"},
    [INSPECT_CUT] = {"cut", "the report ends too early"},
    [INSPECT_AFTER] = {"after", "there is something behind the report"},
    [INSPECT_NUMBER] = {"number", "a number of the report is past its range"},
    [INSPECT_INSTANT] = {"instant",
                         "a time of the report is past its range, or it is over before it begins"},
    [INSPECT_TEXT] = {"text", "a text of the report is missing, too long or not as texts are"},
    [INSPECT_FORM] = {"form", "the report is not as those that are made of its source's form"},
    [INSPECT_AREA] = {"area", "a place of the report lies outside of its source's area"},
    [INSPECT_WITHOUT] = {"without", "the report has a field that its source's profile takes away"},
    [INSPECT_DATE] = {"date", "the report is of a time to come"},
    [INSPECT_PLACE] = {"place",
                       "a place is finer than its reduction, or is no point of this recipient's"},
    [INSPECT_HEIGHT] = {"height",
                        "a height is finer than its reduction, or is none of this recipient's"},
    [INSPECT_EXACT] = {"exact",
                       "a place or height is said to be more exact than its reduction leaves it"},
    [INSPECT_HIDDEN] = {"hidden", "the report has a field that its reduction takes away"},
    [INSPECT_EARLY] = {"early", "the report is shown before its delay is over"},
    [INSPECT_OFTEN] = {"often", "a track is shown more often than its reduction lets it"},
    [INSPECT_CHUNK] = {"chunk",
                       "a piece of the product has another length than its place asks for"},
    [INSPECT_CONTENT] = {"content", "the product is not what its author signed"},
};

const char *inspect_fault_name(enum inspect_fault f)
{
    return f < INSPECT_FAULTS ? fault_rows[f].name : "none";
}

const char *inspect_fault_text(enum inspect_fault f)
{
    return f < INSPECT_FAULTS ? fault_rows[f].text : "there is no such fault";
}
