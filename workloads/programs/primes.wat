;; primes.wat - the workload cpu for runtimes of WebAssembly (WASI preview 1): counts prime numbers for a second, as sysbench does.
(module
	(import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
	(import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
	(memory (export "memory") 1)
	;; 0: the time, 8: address and length of what is written, 16: how much was, 32 and 64: the lines
	(data (i32.const 32) "{\"event\": \"ready\"}\n")
	(data (i32.const 64) "{\"event\": \"done\"}\n")

	(func $now_ns (result i64)
		(if (call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 0)) (then unreachable))
		(i64.load (i32.const 0)))

	(func $print (param $address i32) (param $length i32)
		(i32.store (i32.const 8) (local.get $address))
		(i32.store (i32.const 12) (local.get $length))
		(if (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16)) (then unreachable)))

	(func $is_prime (param $number i32) (result i32)
		(local $divisor i32)
		(local.set $divisor (i32.const 2))
		(loop $next
			(if (i32.gt_u (i32.mul (local.get $divisor) (local.get $divisor)) (local.get $number))
				(then (return (i32.const 1))))
			(if (i32.eqz (i32.rem_u (local.get $number) (local.get $divisor)))
				(then (return (i32.const 0))))
			(local.set $divisor (i32.add (local.get $divisor) (i32.const 1)))
			(br $next))
		unreachable)

	(func $count_primes (param $end i32) (result i32)
		(local $number i32)
		(local $count i32)
		(local.set $number (i32.const 3))
		(loop $next
			(local.set $count (i32.add (local.get $count) (call $is_prime (local.get $number))))
			(local.set $number (i32.add (local.get $number) (i32.const 1)))
			(br_if $next (i32.lt_u (local.get $number) (local.get $end))))
		(local.get $count))

	(func (export "_start")
		(local $end_ns i64)
		(call $print (i32.const 32) (i32.const 19))
		(local.set $end_ns (i64.add (call $now_ns) (i64.const 1000000000)))
		(loop $next
			;; there are 167 of them, besides 2
			(if (i32.ne (call $count_primes (i32.const 1000)) (i32.const 167)) (then unreachable))
			(br_if $next (i64.lt_u (call $now_ns) (local.get $end_ns))))
		(call $print (i32.const 64) (i32.const 18))))
