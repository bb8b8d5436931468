// Where the module that is published can still panic, and why our code does not get there. In the published module
// a panic is a trap (`scripts/compile.mjs`), which `src/js/runtime/instance.js` survives; but a call lost is a call lost. Each entry:
// which panic, in which function, why not. "memory" is the one reason that is no proof: there recovery is the answer.

/** @type {[panic: RegExp, where: RegExp, why: string][]} */
export const SITES = [
  [
    /^alloc::raw_vec::(handle_error|capacity_overflow)$|^alloc::alloc::handle_alloc_error$|rust_oom/,
    /./,
    "memory: an allocation that fails. What comes from outside is bounded (an event of a stream: 1 MiB), but a chunk is as large as its sender made it",
  ],

  // Borrows: `RefCell` panics when one is taken while another lasts.
  [
    /^core::cell::panic_already_(mutably_)?borrowed$/,
    /^core::cell::RefCell<T>::(borrow(_mut)?|replace|take)$/,
    "ours, in all files of client and platform: a borrow ends before an await, a waker, a callback and anything of the caller's",
  ],
  [
    /^core::cell::panic_already_(mutably_)?borrowed$/,
    /^agentphone_wasm::client::(driver::Driver::step_at|rate_limits::SharedRateLimiter::(wake_ready|look_at)|accounts::Account::limiter|shared::Shared::account_of)$/,
    "the lists of accounts, limiters and those who wait: inside the borrow they are searched and changed, and whoever is woken runs later",
  ],
  [
    /^core::cell::panic_already_mutably_borrowed$/,
    /^hashbrown::map::HashMap<K,V,S,A>::retain$/,
    "accounts that may be forgotten: their limiters are only asked, and a step of a call, which changes one, looks up no account",
  ],
  [
    /^core::cell::panic_already_(mutably_)?borrowed$/,
    /^agentphone_wasm::client::(effects::keyed_use::Use::step|shared::Shared::(is|note)_unsent)$/,
    "the stamps of requests that never left: inside the borrow they are searched or one is added",
  ],
  [
    /^core::cell::panic_already_borrowed$/,
    /^<core::future::poll_fn::PollFn<F> as core::future::future::Future>::poll$/,
    "a call's alarm and its signal: they are asked inside the borrow, and wakers are woken after it",
  ],
  [
    /^core::cell::panic_already_borrowed$/,
    /^std::thread::local::LocalKey<T>::with$/,
    "the entries of promises: callbacks, wakers and what is dropped wait until the borrow is over",
  ],
  [
    /^core::cell::panic_already_(mutably_)?borrowed$/,
    /^(js_sys|wasm_bindgen)::/,
    "wasm-bindgen's one-shot closures: a timer rings once",
  ],
  [
    /^std::thread::local::panic_access_error$/,
    /^std::thread::local::LocalKey<T>::with$/,
    "thread-locals are destroyed with their thread, and there is one that never ends",
  ],

  // Enumerations of strings.
  [
    /^core::panicking::panic_fmt$/,
    /^<agentphone_wasm::.* as wasm_bindgen::convert::traits::FromWasmAbi>::from_abi$/,
    "wasm-bindgen's glue makes a number of each string: its place in the list of the enumeration, or the one behind them, which is `__Invalid`",
  ],

  // Futures.
  [
    /panic_const_async_fn_resumed$/,
    /^agentphone_wasm::|^<core::future::poll_fn::PollFn<F>/,
    "a future polled after its end: `platform::task` drops a task that is done, and `race` lets go of what it ran",
  ],

  // Collections, with places that a search in them has just given.
  [
    /^<alloc::vec::Vec<_, _>>::(insert_mut|remove)::assert_failed$/,
    /^alloc::vec::Vec<T,A>::(insert|remove)$/,
    "a rate limiter's queue: the place comes from a search of it, and the oldest success is removed from a full list",
  ],
  [
    /^core::panicking::assert_failed::<usize, usize>$/,
    /^js_sys::Uint8Array::copy_to$/,
    "the buffer has just been given the chunk's length; only a chunk whose own `length` changes between two looks differs",
  ],
  [
    /^core::panicking::panic_fmt$/,
    /^core::slice::<impl \[T\]>::split_at$/,
    "a prefix as long as it is, in `strip_prefix`, and whole blocks of HMAC",
  ],
  [/len_mismatch_fail$/, /^core::slice::copy_from_slice_impl$/, "arrays of HMAC-SHA256, whose lengths are types"],
  [/panic_const_div_by_zero$/, /TrustedRandomAccessNoCoerce::size$/, "by the size of a block of SHA-256, a constant"],
  [
    /^core::panicking::panic_fmt$/,
    /^alloc::raw_vec::RawVecInner<A>::shrink$/,
    "`into_boxed_slice` never asks for more than there is",
  ],

  // Tables of accounts and of those who wait.
  [
    /panic_const_div_by_zero$|^core::panicking::panic_fmt$/,
    /^(<hashbrown::raw::Fallibility>|hashbrown::raw::Fallibility)::capacity_overflow$|^hashbrown::raw::RawTableInner::new_uninitialized$/,
    "a table of more entries than there are addresses, of elements whose size is a type's",
  ],

  // The hash of what was said in a call.
  [
    /slice_index_fail$|^core::result::unwrap_failed$/,
    /^<core::ops::range::RangeFrom<usize> as core::slice::index::SliceIndex<\[T\]>>::index$|^agentphone_wasm::core::transcript::replay::Transcript::judge$/,
    "rustc-hash reads a text in words of the length that it has looked at before",
  ],

  // Dates of HTTP.
  [
    /^core::panicking::panic_bounds_check$/,
    /^httpdate::date::toint_[24]$/,
    "httpdate looks at the length of the whole text first",
  ],
  [
    /^core::panicking::panic$/,
    /^httpdate::date::<impl core::convert::From<httpdate::date::HttpDate>/,
    "a month that is none: it is read from the table of twelve",
  ],
  [
    /^core::result::unwrap_failed$|^core::panicking::panic_fmt$/,
    /^<httpdate::date::HttpDate as core::convert::From<std::time::SystemTime>>::from$/,
    "before 1970 or after 9999: `is_valid` has looked at the year before",
  ],
  [
    /^core::option::expect_failed$/,
    /^(<std::time::SystemTime as core::ops::arith::Add|<std::time::SystemTime>::duration_since)/,
    "a time past the end of time: the year is at most 9999",
  ],

  // What is made once.
  [
    /^core::cell::lazy::panic_poisoned$|^core::panicking::panic(_fmt)?$/,
    /LazyCell<T|core::cell::lazy::LazyCell|core::cell::once::OnceCell<T>::try_init|LazyStorage<T>::initialize/,
    "a first use inside the first use: what makes wasm-bindgen's globals uses none of them",
  ],

  // Only panics call these.
  [
    /./,
    /^<core::time::Duration as core::fmt::Debug>::fmt|^std::sys::backtrace::|FormatStringPayload|StaticStrPayload/,
    "the formatting and the machinery of panics, which the published module is without",
  ],
];
