/* SPDX-License-Identifier: Apache-2.0 */
#include "value/sentences.h"

static const char *const sentences[SENTENCE_COUNT][TITLE_COUNT] = {
    [SENTENCE_READ] = {"It was read as {0}.", "읽은 형식: {0}.", "読み取った形式: {0}。"},
    [SENTENCE_READ_GUESSED] = {"It was read as {0}, which it looks like.",
                               "읽은 형식: {0}, 모양으로 판단함.",
                               "読み取った形式: {0}、見た目から判断。"},
    [SENTENCE_POLICY] = {"Policy {0} ({1}) decides what it means.",
                         "의미는 정책 {0}({1})에 따릅니다.", "意味はポリシー{0}({1})によります。"},
    [SENTENCE_CLASS] = {"Classification {0}, shown as {1}: {2} of the policy's {3} protect more.",
                        "등급 {0}, 표시 {1}: 정책의 {3}개 등급 중 {2}개가 더 높습니다.",
                        "区分{0}、表示{1}: ポリシーの{3}区分のうち{2}区分がより厳格です。"},
    [SENTENCE_RESTRICTIVE] =
        {"Category {0} of {1} is {2}: a reader must hold it.",
         "범주 {0}({1}, {2}): 열람자가 이것을 보유해야 합니다.",
         "カテゴリ{0}({1}、{2}): 閲覧者はこれを保持していなければなりません。"},
    [SENTENCE_PERMISSIVE] =
        {"Category {0} of {1} is {2}: a reader must hold one at least of this tag.",
         "범주 {0}({1}, {2}): 열람자가 이 태그의 값을 하나 이상 보유해야 합니다.",
         "カテゴリ{0}({1}、{2}): "
         "閲覧者はこのタグの値を少なくとも一つ保持していなければなりません。"},
    [SENTENCE_INFORMATIVE] = {"Category {0} of {1} is {2}: it says something and decides nothing.",
                              "범주 {0}({1}, {2}): 정보일 뿐이며 아무것도 결정하지 않습니다.",
                              "カテゴリ{0}({1}、{2}): 情報を示すだけで、何も決定しません。"},
    [SENTENCE_OBSOLETE] = {"Category {0} is obsolete.", "범주 {0}: 더 이상 쓰이지 않습니다.",
                           "カテゴリ{0}: 廃止されています。"},
    [SENTENCE_ORIGINATORS_OWN] = {"It is the originator's own label.",
                                  "발행한 당사자 자신의 라벨입니다.", "発出元自身のラベルです。"},
    [SENTENCE_ADDED] = {"Somebody else added it for his own policy.",
                        "다른 당사자가 자신의 정책에 따라 추가한 라벨입니다.",
                        "他の当事者が自らのポリシーに従って追加したラベルです。"},
    [SENTENCE_OF_METADATA] = {"It is of the metadata itself.", "메타데이터 자체의 라벨입니다.",
                              "メタデータ自体のラベルです。"},
    [SENTENCE_VALID] = {"It is valid under its policy.", "정책에 따라 유효합니다.",
                        "ポリシー上、有効です。"},
    [SENTENCE_NOT_VALID] = {"It is not valid.", "유효하지 않습니다.", "有効ではありません。"},
    [SENTENCE_LEVEL] = {"Level {0} of the policy of {1}, shown as {2}.",
                        "{1} 정책의 등급 {0}, 표시 {2}.", "{1}のポリシーの区分{0}、表示{2}。"},
    [SENTENCE_GIVEN_BY] = {"It was given by {0}.", "제공한 당사자: {0}.", "提供した当事者: {0}。"},
    [SENTENCE_ABOUT] = {"It is about {0}.", "주제: {0}.", "主題: {0}。"},
    [SENTENCE_OBTAINED] = {"It was obtained from {0}.", "수집 수단: {0}.", "収集手段: {0}。"},
    [SENTENCE_KEPT] = {"It may be kept by {0}.", "보유할 수 있는 당사자: {0}.",
                       "保有できる当事者: {0}。"},
    [SENTENCE_SHOWN] = {"It may be shown to {0}.", "보여 줄 수 있는 당사자: {0}.",
                        "開示できる当事者: {0}。"},
    [SENTENCE_CAVEAT] = {"Caveat {0} restricts it further.", "추가 제한: {0}.",
                         "追加の制限: {0}。"},
    [SENTENCE_NOBODY] = {"nobody", "없음", "なし"},
    [SENTENCE_NOTHING] = {"nothing", "없음", "なし"},
    [SENTENCE_ONLY_GIVER] = {"nobody but who gave it", "제공한 당사자뿐", "提供した当事者のみ"},
    [SENTENCE_LINE_LEVEL] = {"Classification {0}, by {1}.", "등급 {0}, 지정한 주체: {1}.",
                             "区分{0}、指定した主体: {1}。"},
    [SENTENCE_BY_US] = {"the USA", "미국", "米国"},
    [SENTENCE_BY_OTHERS] = {"a nation other than the USA, or nobody who may be named",
                            "미국이 아닌 국가, 또는 밝힐 수 없는 주체",
                            "米国以外の国、または明かすことのできない主体"},
    [SENTENCE_BY_JOINT] = {"the USA together with others", "미국과 다른 국가 공동",
                           "米国と他国の共同"},
    [SENTENCE_BY_NATO] = {"NATO or one of its parts", "NATO 또는 그 산하 기구",
                          "NATOまたはその機関"},
    [SENTENCE_OWNERS] = {"Classified by {0}.", "지정한 국가: {0}.", "指定した国: {0}。"},
    [SENTENCE_SCI] = {"Sensitive compartmented information: {0}.", "특수정보(SCI): {0}.",
                      "機微区画情報(SCI): {0}。"},
    [SENTENCE_SAP] = {"Special access programs: {0}.", "특별접근계획(SAP): {0}.",
                      "特別アクセス計画(SAP): {0}。"},
    [SENTENCE_AEA] = {"Atomic energy {0}.", "원자력: {0}.", "原子力: {0}。"},
    [SENTENCE_FGI] = {"Foreign government information of {0}.", "외국 정부 정보: {0}.",
                      "外国政府情報: {0}。"},
    [SENTENCE_FGI_UNNAMED] = {"Foreign government information whose source may not be named.",
                              "출처를 밝힐 수 없는 외국 정부 정보입니다.",
                              "出所を明かすことのできない外国政府情報です。"},
    [SENTENCE_DISSEM] = {"Dissemination control {0}.", "배포 통제: {0}.", "配布統制: {0}。"},
    [SENTENCE_RELEASED] = {"It may be released to {0}.", "제공할 수 있는 대상: {0}.",
                           "提供できる相手: {0}。"},
    [SENTENCE_DISPLAYED] = {"It may be shown, not given, to {0}.",
                            "제공하지 않고 보여 줄 수만 있는 대상: {0}.",
                            "提供せず、開示のみできる相手: {0}。"},
    [SENTENCE_NONIC] = {"Marking of others than the intelligence community {0}.",
                        "정보기관 이외의 표시: {0}.", "情報機関以外の表示: {0}。"},
    [SENTENCE_NONUS] = {"NATO control {0}.", "NATO 통제: {0}.", "NATO統制: {0}。"},
};

const char *sentence_text(enum sentence s, enum title_language language)
{
    return sentences[s][language];
}

void sentence_put(enum sentence s, enum title_language language, const span *part, struct writer *w)
{
    const char *text = sentences[s][language];
    while (*text != 0) {
        if (text[0] == '{' && text[1] >= '0' && text[1] < '0' + SENTENCE_PARTS_MAX) {
            put_span(w, part[text[1] - '0']);
            text += 3;
        } else {
            put_u8(w, (uint8_t)*text++);
        }
    }
}
