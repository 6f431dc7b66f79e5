;; Reads lists of numbers from lines of text, in the WebAssembly text format. `npm run kernels` assembles it into
;; `number-lists-binary.ts`; `number-lists-kernel.ts` says what the function is for. Addresses are in bytes.
(module
  (import "host" "memory" (memory 1))

  (func (export "read")
    (param $at i32) (param $to i32) (param $separator i32) (param $numbers i32) (param $spread i32) (param $powers i32)
    (param $state i32) (result i32)
    (local $separators v128) (local $newlines v128) (local $text v128) (local $digits v128)
    (local $length i32) (local $first i32) (local $negative i32) (local $behind i32)
    (local $odd i32) (local $whole i32) (local $point i32) (local $number i32) (local $end i32)
    (local.set $separators (i8x16.splat (local.get $separator)))
    (local.set $newlines (i8x16.splat (i32.const 10)))
    (local.set $number (i32.load (local.get $state)))
    (local.set $end (i32.load offset=4 (local.get $state)))
    (block $done
      (loop $next
        ;; Bytes up to the separator or the end of the line. Where the next number begins depends on nothing else, so that the
        ;; processor works on several at once.
        (local.set $text (v128.load (local.get $at)))
        (local.set $length
          (i8x16.bitmask
            (v128.or
              (i8x16.eq (local.get $text) (local.get $separators))
              (i8x16.eq (local.get $text) (local.get $newlines)))))
        (if (i32.eqz (local.get $length))
          (then
            (local.set $text (v128.load offset=16 (local.get $at)))
            (local.set $length
              (i32.shl
                (i8x16.bitmask
                  (v128.or
                    (i8x16.eq (local.get $text) (local.get $separators))
                    (i8x16.eq (local.get $text) (local.get $newlines))))
                (i32.const 16)))))
        (local.set $length (i32.ctz (local.get $length)))
        (local.set $behind (i32.load8_u (i32.add (local.get $at) (local.get $length))))
        (local.set $negative (i32.eq (i32.load8_u (local.get $at)) (i32.const 45)))
        (local.set $first (i32.add (local.get $at) (local.get $negative)))
        (local.set $at (i32.add (local.get $at) (local.get $length)))
        ;; From here on without the sign, and without the first of CR LF.
        (local.set $length (i32.sub (local.get $length) (local.get $negative)))
        (if (i32.ne (local.get $behind) (local.get $separator))
          (then
            (local.set $length
              (i32.sub
                (local.get $length)
                (i32.eq (i32.load8_u (i32.sub (local.get $at) (i32.const 1))) (i32.const 13))))))
        ;; A bit for each byte of the number that is no digit: none, or one that is a point.
        (local.set $digits (i8x16.sub (v128.load (local.get $first)) (i8x16.splat (i32.const 48))))
        (local.set $odd
          (i32.and
            (i8x16.bitmask (i8x16.gt_u (local.get $digits) (i8x16.splat (i32.const 9))))
            (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1))))
        (local.set $whole (i32.ctz (i32.or (local.get $odd) (i32.shl (i32.const 1) (local.get $length)))))
        (local.set $point (i32.ne (local.get $odd) (i32.const 0)))
        (if
          (i32.or
            (i32.or
              ;; 1 to 15 digits.
              (i32.ge_u (i32.sub (i32.sub (local.get $length) (local.get $point)) (i32.const 1)) (i32.const 15))
              (i32.gt_u (local.get $length) (i32.const 16)))
            (i32.and
              (local.get $odd)
              (i32.or
                (i32.sub (local.get $odd) (i32.const 1))
                (i32.xor
                  (i8x16.bitmask (i8x16.eq (local.get $digits) (i8x16.splat (i32.const -2))))
                  (i32.const -1)))))
          (then
            (local.set $at (i32.sub (local.get $first) (local.get $negative)))
            (br $done)))
        ;; The digits to the right, without the point and with zeros before them; then pairs, fours and eights of them.
        (local.set $digits
          (i8x16.swizzle
            (local.get $digits)
            (v128.load
              (i32.add
                (local.get $spread)
                (i32.shl (i32.add (i32.mul (local.get $whole) (i32.const 17)) (local.get $length)) (i32.const 4))))))
        (local.set $digits
          (i16x8.add
            (i16x8.mul
              (v128.and (local.get $digits) (v128.const i16x8 0xff 0xff 0xff 0xff 0xff 0xff 0xff 0xff))
              (v128.const i16x8 10 10 10 10 10 10 10 10))
            (i16x8.shr_u (local.get $digits) (i32.const 8))))
        (local.set $digits
          (i32x4.dot_i16x8_s (local.get $digits) (v128.const i16x8 100 1 100 1 100 1 100 1)))
        (local.set $digits
          (i32x4.dot_i16x8_s
            (i16x8.narrow_i32x4_s (local.get $digits) (local.get $digits))
            (v128.const i16x8 10000 1 10000 1 10000 1 10000 1)))
        (f64.store (local.get $number)
          (f64.div
            (f64.add
              (f64.mul (f64.convert_i32_s (i32x4.extract_lane 0 (local.get $digits))) (f64.const 1e8))
              (f64.convert_i32_s (i32x4.extract_lane 1 (local.get $digits))))
            (f64.load
              (i32.add
                (local.get $powers)
                (i32.shl
                  (i32.add
                    (i32.sub (i32.sub (local.get $length) (local.get $whole)) (local.get $point))
                    (i32.shl (local.get $negative) (i32.const 4)))
                  (i32.const 3))))))
        (local.set $number (i32.add (local.get $number) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $next (i32.eq (local.get $behind) (local.get $separator)))
        (i32.store (local.get $end) (i32.shr_u (i32.sub (local.get $number) (local.get $numbers)) (i32.const 3)))
        (local.set $end (i32.add (local.get $end) (i32.const 4)))
        (br_if $next (i32.le_u (local.get $at) (local.get $to)))))
    (i32.store (local.get $state) (local.get $number))
    (i32.store offset=4 (local.get $state) (local.get $end))
    (local.get $at)))
