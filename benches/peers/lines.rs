//! What a bench prints for `benches/compare` instead of measuring with criterion; the programs in this directory
//! print the same in Go.

#![allow(clippy::print_stdout, reason = "benches/compare reads it")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// Whether lines are asked for: then the peer gets the set in the file that `FLUXCD_BENCH_DATA` names.
pub(crate) fn wanted(stream: &str) -> io::Result<bool> {
    let Ok(path) = env::var("FLUXCD_BENCH_DATA") else {
        return Ok(false);
    };
    fs::write(path, stream)?;
    Ok(true)
}

/// Prints `<work> <nanoseconds> <bytes>` for the fastest of five runs, or of as many as a fifth of a second takes; freeing
/// the result is not part of them.
pub(crate) fn time<T, E>(
    work: &str,
    bytes: usize,
    run: impl Fn() -> Result<T, E>,
) -> Result<(), E> {
    let (mut fastest, mut runs, first) = (Duration::MAX, 0, Instant::now());
    while runs < 5 || first.elapsed() < Duration::from_millis(200) {
        runs += 1;
        let start = Instant::now();
        let result = black_box(run()?);
        fastest = fastest.min(start.elapsed());
        drop(result);
    }
    println!("{work} {} {bytes}", fastest.as_nanos());
    Ok(())
}

/// Prints `checksum <work> <hash> <bytes>` of all texts together: 64-bit FNV-1a, which Go has too.
pub(crate) fn checksum<T: AsRef<[u8]>>(work: &str, texts: &[T]) {
    let (mut hash, mut size) = (0xCBF2_9CE4_8422_2325_u64, 0);
    for text in texts {
        for byte in text.as_ref() {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        size += text.as_ref().len();
    }
    println!("checksum {work} {hash:016x} {size}");
}
