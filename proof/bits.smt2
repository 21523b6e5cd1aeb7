; SPDX-License-Identifier: Apache-2.0
; The axioms `Bits` of src/base/set64.h and the contract of `set_next`, of all words of 64 bits: each is denied, and none
; of the denials can be.
(set-logic QF_BV)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const n (_ BitVec 64))
(define-fun in_set ((s (_ BitVec 64)) (i (_ BitVec 64))) Bool (not (= (bvand s (bvshl #x0000000000000001 i)) #x0000000000000000)))
; what __builtin_ctzll answers for a word that is not 0: the place of its lowest bit, which this says in any order
(declare-const low (_ BitVec 64))
(define-fun left () (_ BitVec 64) (bvlshr a n))
(define-fun lowest () Bool (and (bvult low #x0000000000000040) (in_set left low)
                                (= (bvand left (bvsub (bvshl #x0000000000000001 low) #x0000000000000001)) #x0000000000000000)))
(assert (or
    ; none_of_both
    (and (= (bvor a b) #x0000000000000000) (not (and (= a #x0000000000000000) (= b #x0000000000000000))))
    ; in_either
    (and (bvult n #x0000000000000040) (not (= (in_set (bvor a b) n) (or (in_set a n) (in_set b n)))))
    ; set_next(a, n), where something is left
    (and (bvult n #x0000000000000040) (not (= left #x0000000000000000)) lowest
         (not (and (bvule n (bvadd n low)) (bvult (bvadd n low) #x0000000000000040))))))
(check-sat)
