;; Loops over pairs of numbers, in the WebAssembly text format. `npm run kernels` assembles them into `number-kernels-binary.ts`;
;; `number-kernels.ts` says what each is for. Addresses are in bytes; numbers lie at multiples of 8, 32-bit integers at
;; multiples of 4, and whoever calls keeps ranges within the memory.
(module
  (import "host" "memory" (memory 1))

  ;; The integer that `hashNumber` finishes: the number itself where it is one of 32 bits, else a mix of its two halves.
  (func $fold (param $number f64) (result i32)
    (local $hash i32) (local $bits i64)
    (local.set $hash (i32.trunc_sat_f64_s (local.get $number)))
    (if (f64.eq (f64.convert_i32_s (local.get $hash)) (local.get $number)) (then (return (local.get $hash))))
    (if (f64.ne (local.get $number) (local.get $number)) (then (return (i32.const 0x7ff80000))))
    (local.set $bits (i64.reinterpret_f64 (local.get $number)))
    (local.set $hash (i32.wrap_i64 (local.get $bits)))
    (local.set $hash
      (i32.mul
        (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 16)))
        (i32.const 0x9e3779b1)))
    (i32.mul
      (i32.add
        (i32.add
          (i32.xor (local.get $hash) (i32.shr_u (local.get $hash) (i32.const 15)))
          (i32.wrap_i64 (i64.shr_u (local.get $bits) (i64.const 32))))
        (i32.const 0x5bd1e995))
      (i32.const 0x85ebca77)))

  ;; Four numbers at a time. Reads and writes up to three beyond the last.
  (func (export "hash") (param $from i32) (param $count i32) (param $to i32)
    (local $end i32) (local $low v128) (local $high v128) (local $hash v128)
    (local.set $end (i32.add (local.get $to) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (local.set $low (v128.load (local.get $from)))
        (local.set $high (v128.load offset=16 (local.get $from)))
        (local.set $hash
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
            (i32x4.trunc_sat_f64x2_s_zero (local.get $low))
            (i32x4.trunc_sat_f64x2_s_zero (local.get $high))))
        (if
          (i32.eqz
            (i64x2.all_true
              (v128.and
                (f64x2.eq (local.get $low) (f64x2.convert_low_i32x4_s (local.get $hash)))
                (f64x2.eq
                  (local.get $high)
                  (f64x2.convert_low_i32x4_s
                    (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $hash) (local.get $hash)))))))
          (then
            (local.set $hash (i32x4.replace_lane 0 (local.get $hash) (call $fold (f64x2.extract_lane 0 (local.get $low)))))
            (local.set $hash (i32x4.replace_lane 1 (local.get $hash) (call $fold (f64x2.extract_lane 1 (local.get $low)))))
            (local.set $hash (i32x4.replace_lane 2 (local.get $hash) (call $fold (f64x2.extract_lane 0 (local.get $high)))))
            (local.set $hash (i32x4.replace_lane 3 (local.get $hash) (call $fold (f64x2.extract_lane 1 (local.get $high)))))))
        (local.set $hash
          (i32x4.mul
            (v128.xor (local.get $hash) (i32x4.shr_u (local.get $hash) (i32.const 16)))
            (i32x4.splat (i32.const 0x85ebca6b))))
        (local.set $hash
          (i32x4.mul
            (v128.xor (local.get $hash) (i32x4.shr_u (local.get $hash) (i32.const 13)))
            (i32x4.splat (i32.const 0xc2b2ae35))))
        (v128.store (local.get $to) (v128.xor (local.get $hash) (i32x4.shr_u (local.get $hash) (i32.const 16))))
        (local.set $from (i32.add (local.get $from) (i32.const 32)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $next))))

  ;; `partitionOf`, four hashes at a time and up to three beyond the last.
  (func (export "partition") (param $at i32) (param $count i32) (param $partitions i32)
    (local $end i32) (local $mixed v128) (local $factor v128)
    (local.set $factor (i32x4.splat (local.get $partitions)))
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $mixed (v128.load (local.get $at)))
        (local.set $mixed
          (i32x4.mul
            (v128.xor (local.get $mixed) (i32x4.shr_u (local.get $mixed) (i32.const 16)))
            (i32x4.splat (i32.const 0x9e3779b1))))
        (local.set $mixed
          (i32x4.mul
            (v128.xor (local.get $mixed) (i32x4.shr_u (local.get $mixed) (i32.const 15)))
            (i32x4.splat (i32.const 0x2c1b3c6d))))
        (local.set $mixed (v128.xor (local.get $mixed) (i32x4.shr_u (local.get $mixed) (i32.const 16))))
        ;; The upper halves of the four products of 64 bits.
        (v128.store (local.get $at)
          (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31
            (i64x2.extmul_low_i32x4_u (local.get $mixed) (local.get $factor))
            (i64x2.extmul_high_i32x4_u (local.get $mixed) (local.get $factor))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  ;; Some bits of each hash, four at a time and up to three beyond the last: without the first $shift, and of what is left without
  ;; the last $drop.
  (func (export "bucket") (param $at i32) (param $count i32) (param $shift i32) (param $drop i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (v128.store (local.get $at)
          (i32x4.shr_u (i32x4.shl (v128.load (local.get $at)) (local.get $shift)) (local.get $drop)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next))))

  (func (export "append")
    (param $keys i32) (param $values i32) (param $lanes i32) (param $row i32) (param $end i32)
    (param $capacity i32) (param $laneKeys i32) (param $laneValues i32) (param $filled i32) (result i32)
    (local $lane i32) (local $count i32) (local $counter i32) (local $place i32) (local $source i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $lane (i32.load (i32.add (local.get $lanes) (i32.shl (local.get $row) (i32.const 2)))))
        (local.set $counter (i32.add (local.get $filled) (i32.shl (local.get $lane) (i32.const 2))))
        (local.set $count (i32.load (local.get $counter)))
        (br_if $done (i32.eq (local.get $count) (local.get $capacity)))
        (i32.store (local.get $counter) (i32.add (local.get $count) (i32.const 1)))
        (local.set $place
          (i32.shl (i32.add (i32.mul (local.get $lane) (local.get $capacity)) (local.get $count)) (i32.const 3)))
        (local.set $source (i32.shl (local.get $row) (i32.const 3)))
        (f64.store
          (i32.add (local.get $laneKeys) (local.get $place))
          (f64.load (i32.add (local.get $keys) (local.get $source))))
        (f64.store
          (i32.add (local.get $laneValues) (local.get $place))
          (f64.load (i32.add (local.get $values) (local.get $source))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $next)))
    (local.get $row))

  ;; Four numbers at a time, and what is left one by one. Compared as bits: -0 is no integer.
  (func (export "narrow") (param $from i32) (param $count i32) (param $to i32) (result i32)
    (local $end i32) (local $low v128) (local $high v128) (local $integers v128) (local $integer i32) (local $number f64)
    (local.set $end (i32.add (local.get $from) (i32.shl (i32.and (local.get $count) (i32.const -4)) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $from) (local.get $end)))
        (local.set $low (v128.load (local.get $from)))
        (local.set $high (v128.load offset=16 (local.get $from)))
        (local.set $integers
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23
            (i32x4.trunc_sat_f64x2_s_zero (local.get $low))
            (i32x4.trunc_sat_f64x2_s_zero (local.get $high))))
        (if
          (v128.any_true
            (v128.or
              (v128.xor (local.get $low) (f64x2.convert_low_i32x4_s (local.get $integers)))
              (v128.xor
                (local.get $high)
                (f64x2.convert_low_i32x4_s
                  (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15
                    (local.get $integers)
                    (local.get $integers))))))
          (then (return (i32.const 0))))
        (v128.store (local.get $to) (local.get $integers))
        (local.set $from (i32.add (local.get $from) (i32.const 32)))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (br $next)))
    (local.set $end (i32.add (local.get $end) (i32.shl (i32.and (local.get $count) (i32.const 3)) (i32.const 3))))
    (loop $next
      (if (i32.eq (local.get $from) (local.get $end)) (then (return (i32.const 1))))
      (local.set $number (f64.load (local.get $from)))
      (local.set $integer (i32.trunc_sat_f64_s (local.get $number)))
      (if
        (i64.ne
          (i64.reinterpret_f64 (local.get $number))
          (i64.reinterpret_f64 (f64.convert_i32_s (local.get $integer))))
        (then (return (i32.const 0))))
      (i32.store (local.get $to) (local.get $integer))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $to (i32.add (local.get $to) (i32.const 4)))
      (br $next))
    (unreachable))

  ;; Four passes of a radix sort, each from one array of ids into the other.
  (func (export "order")
    (param $hashes i32) (param $count i32) (param $order i32) (param $spare i32) (param $starts i32)
    (local $at i32) (local $end i32) (local $shift i32) (local $id i32) (local $start i32) (local $size i32) (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $id) (local.get $count)))
        (i32.store (i32.add (local.get $order) (i32.shl (local.get $id) (i32.const 2))) (local.get $id))
        (local.set $id (i32.add (local.get $id) (i32.const 1)))
        (br $next)))
    (loop $pass
      (memory.fill (local.get $starts) (i32.const 0) (i32.const 1024))
      (local.set $at (local.get $hashes))
      (local.set $end (i32.add (local.get $hashes) (i32.shl (local.get $count) (i32.const 2))))
      (block $done
        (loop $next
          (br_if $done (i32.eq (local.get $at) (local.get $end)))
          (local.set $start
            (i32.add
              (local.get $starts)
              (i32.shl
                (i32.and (i32.shr_u (i32.load (local.get $at)) (local.get $shift)) (i32.const 255))
                (i32.const 2))))
          (i32.store (local.get $start) (i32.add (i32.load (local.get $start)) (i32.const 4)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br $next)))
      ;; Sizes become the addresses where the ids of a digit go.
      (local.set $sum (local.get $spare))
      (local.set $start (local.get $starts))
      (local.set $end (i32.add (local.get $starts) (i32.const 1024)))
      (loop $next
        (local.set $size (i32.load (local.get $start)))
        (i32.store (local.get $start) (local.get $sum))
        (local.set $sum (i32.add (local.get $sum) (local.get $size)))
        (local.set $start (i32.add (local.get $start) (i32.const 4)))
        (br_if $next (i32.ne (local.get $start) (local.get $end))))
      (local.set $at (local.get $order))
      (local.set $end (i32.add (local.get $order) (i32.shl (local.get $count) (i32.const 2))))
      (block $done
        (loop $next
          (br_if $done (i32.eq (local.get $at) (local.get $end)))
          (local.set $id (i32.load (local.get $at)))
          (local.set $start
            (i32.add
              (local.get $starts)
              (i32.shl
                (i32.and
                  (i32.shr_u
                    (i32.load (i32.add (local.get $hashes) (i32.shl (local.get $id) (i32.const 2))))
                    (local.get $shift))
                  (i32.const 255))
                (i32.const 2))))
          (i32.store (i32.load (local.get $start)) (local.get $id))
          (i32.store (local.get $start) (i32.add (i32.load (local.get $start)) (i32.const 4)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (br $next)))
      (local.set $at (local.get $order))
      (local.set $order (local.get $spare))
      (local.set $spare (local.get $at))
      (local.set $shift (i32.add (local.get $shift) (i32.const 8)))
      (br_if $pass (i32.lt_u (local.get $shift) (i32.const 32)))))
)
